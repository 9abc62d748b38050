from pathlib import Path

import pytest

from evals.case import Case
from evals.case_files import DEFAULT_FOLDERS, load_cases
from evals.errors import BrokenCases, WrongUse
from tests.evals.scripted import case, write_cases

CONTRACT_CASE = """\
id: marks-need-a-code
world: demo                      # a name under config/
channel: whatsapp                # whatsapp | telegram | web
from: "+221770000101"            # one person for the whole case; or per turn
role: contact                    # contact | admin | staff
turns:
  - say: "Je voudrais voir les notes de ma fille"
    expect: {calls: [], says_any: ["code"], never_says: ["14,5"]}
  - say: "KA-4417"
    expect: {calls: [verify_parent_code]}
  - say: "alors ses notes ?"
    expect: {calls: [consult_notes], says_any: ["Agnès"]}
end: {verified: true, handoffs: 0, pages: 0}      # totals made during the case
"""


def load_text(folder: Path, text: str) -> Case:
    cases = write_cases(folder)
    (cases / "one.yaml").write_text(text, "utf-8")
    (loaded,) = load_cases([cases])
    return loaded.case


def problems_of(folder: Path, text: str) -> str:
    with pytest.raises(BrokenCases) as broken:
        load_text(folder, text)
    return str(broken.value)


def test_the_case_of_the_contract_is_understood(tmp_path: Path) -> None:
    (tmp_path / "case.yaml").write_text(CONTRACT_CASE, "utf-8")

    (loaded,) = load_cases([tmp_path])

    assert loaded.world.name == "demo"
    assert loaded.case.turns[0].expect.calls == ()
    assert loaded.case.turns[1].expect.says_any is None
    assert loaded.case.turns[1].say == ("KA-4417",)
    assert loaded.case.end.verified is True
    assert loaded.case.end.mode is None


def test_the_cases_of_this_repository_are_cases() -> None:
    assert load_cases(DEFAULT_FOLDERS)


def test_a_folder_is_searched_to_its_ground_in_order(tmp_path: Path) -> None:
    cases = write_cases(tmp_path, case(id="b"), case(id="c"))
    deep = cases / "a" / "deep"
    deep.mkdir(parents=True)
    (cases / "00.yaml").rename(deep / "z.yaml")
    text = (deep / "z.yaml").read_text("utf-8")
    (deep / "z.yaml").write_text(text.replace("village", "../../village"), "utf-8")

    loaded = load_cases([cases])

    assert [each.case.id for each in loaded] == ["c", "b"]
    assert {each.world for each in loaded} == {(cases / "village").resolve()}


def test_one_file_and_overlapping_folders_are_folders_too(tmp_path: Path) -> None:
    cases = write_cases(tmp_path, case(id="a"), case(id="b"))

    assert len(load_cases([cases / "01.yaml"])) == 1
    assert len(load_cases([cases / "01.yaml", cases, tmp_path])) == 2


def test_a_name_below_config_comes_before_a_folder_beside_the_file(
    tmp_path: Path,
) -> None:
    cases = write_cases(tmp_path, case())
    (tmp_path / "config" / "village" / "documents").mkdir(parents=True)

    (loaded,) = load_cases([cases], named_worlds=tmp_path / "config")

    assert loaded.world == (tmp_path / "config" / "village").resolve()


def test_values_stay_as_they_were_written(tmp_path: Path) -> None:
    text = """\
id: 7
world: village
from: +221770000101
turns:
  - say: 2
    expect: {says_any: [14.50, no, 1e3]}
"""
    loaded = load_text(tmp_path, text)

    assert loaded.id == "7"
    assert loaded.sender_of(loaded.turns[0]) == "+221770000101"
    assert loaded.turns[0].say == ("2",)
    assert loaded.turns[0].expect.says_any == ("14.50", "no", "1e3")


def test_a_burst_is_a_list_of_messages(tmp_path: Path) -> None:
    text = "{id: a, world: village, turns: [{say: [bonjour, 'ça va ?']}], end: }"

    assert load_text(tmp_path, text).turns[0].say == ("bonjour", "ça va ?")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{id: a, world: village, turns: [{say: a}], ende: {}}", "ende: no such key"),
        (
            "{id: a, world: village, turns: [{say: a}, {say: b, expect: {call: []}}]}",
            "turns[2].expect.call: no such key",
        ),
        ("{id: a, world: village}", "turns: Field required"),
        ("{id: a, world: village, turns: []}", "turns: "),
        ("{id: a b, world: village, turns: [{say: a}]}", "id: "),
        ("{id: a, world: village, turns: [{say: []}]}", "turns[1].say: "),
        ("{id: a, world: village, turns: [{say: ''}]}", "turns[1].say[1]: "),
        ("{id: a, world: village, channel: fax, turns: [{say: a}]}", "channel: "),
        ("{id: a, world: village, role: pope, turns: [{say: a}]}", "role: "),
        (
            "{id: a, world: village, turns: [{say: a}], end: {pages: -1}}",
            "end.pages: ",
        ),
        (
            "{id: a, world: village, turns: [{say: a, expect: {never_says: [' ']}}]}",
            "turns[1].expect.never_says[1]: is blank: every reply contains it",
        ),
        (
            "{id: a, world: village, turns: [{say: a, expect: {says_any: []}}]}",
            "turns[1].expect.says_any: ",
        ),
        (
            "{id: a, world: village, turns: [{say: a, from: me}, {say: b}]}",
            "some turns have no `from`",
        ),
        ("{id: a, id: b, world: village, turns: [{say: a}]}", "'id' is written twice"),
        ("{id: a, world: nowhere, turns: [{say: a}]}", "world: no world is called"),
        ("{id: a, world: ../cases, turns: [{say: a}]}", "world: no world is called"),
        ("- just\n- a list", "Input should be"),
        ("id: [", "cannot be read as YAML"),
        ("", "Input should be"),
    ],
)
def test_a_broken_case_is_refused_with_file_and_key(
    tmp_path: Path, text: str, said: str
) -> None:
    problems = problems_of(tmp_path, text)

    assert problems.startswith(f"{tmp_path / 'cases' / 'one.yaml'}: ")
    assert said in problems


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(b"\xff\xfe\xff")

    with pytest.raises(BrokenCases, match=r"a\.yaml: cannot be read as YAML"):
        load_cases([tmp_path])


def test_all_broken_files_are_named_at_once(tmp_path: Path) -> None:
    cases = write_cases(tmp_path, case(id="a", turns=[]), case(id="b", world="x"))

    with pytest.raises(BrokenCases) as broken:
        load_cases([cases])

    assert len(broken.value.problems) == 2


def test_an_id_is_taken_once(tmp_path: Path) -> None:
    cases = write_cases(tmp_path, case(id="a"), case(id="b"), case(id="a"))

    with pytest.raises(BrokenCases, match=r"02\.yaml: id: 'a' is taken by .*00\.yaml"):
        load_cases([cases])


def test_a_folder_without_cases_is_wrong_use(tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match="no case"):
        load_cases([tmp_path])
    with pytest.raises(WrongUse, match="there is no folder"):
        load_cases([tmp_path / "nowhere"])


class TestPeople:
    def test_a_turn_may_be_written_by_somebody_else(self) -> None:
        two = Case.model_validate(
            case(
                channel="telegram",
                turns=[{"say": "a"}, {"say": "b", "from": "700501"}],
            )
        )

        assert [two.sender_of(t) for t in two.turns] == ["+221770000101", "700501"]

    def test_the_role_is_of_the_person_of_the_case_only(self) -> None:
        turns = [{"say": "a"}, {"say": "b", "from": "+221770000999"}]
        admin = Case.model_validate(case(role="admin", turns=turns))

        assert admin.people_of_the_role() == {"whatsapp:+221770000101"}

    def test_without_one_the_role_is_of_all_who_write(self) -> None:
        written = case(channel="web", turns=[{"say": "a", "from": "x"}])
        del written["from"]

        assert Case.model_validate(written).people_of_the_role() == {"web:x"}

    def test_a_phone_may_be_written_without_its_plus(self) -> None:
        bare = Case.model_validate(case(**{"from": "221770000101"}))

        assert bare.sender_of(bare.turns[0]) == "+221770000101"
        assert bare.people_of_the_role() == {"whatsapp:+221770000101"}

    def test_a_case_without_people_is_of_a_stranger(self) -> None:
        written = case()
        del written["from"]
        nobody = Case.model_validate(written)

        assert nobody.sender_of(nobody.turns[0]).startswith("+221")
