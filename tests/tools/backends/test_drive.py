"""Drive is followed: what it exports, where things hide, and what is not fetched."""

from dataclasses import replace

import pytest

from tests.counterparts.drive import Refused
from tests.counterparts.drive_world import DOC, FOLDER, SHEET, SLIDES

from .following_drive import Followed, library_on
from .workbook import xlsx

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PARKING = b"# Le parking\n\nLe parking est gratuit le dimanche."
BUS = b"# Le bus\n\nLe bus passe par la grande place."


def exported(text: bytes) -> dict[str, bytes]:
    return {"text/markdown": text}


async def test_a_doc_is_read_without_its_pictures_and_escapes(
    followed: Followed,
) -> None:
    content = (
        "# **Le stage d'été**\n\n![][image1]\n\n"
        "Le stage coûte 15\\-000 F \\(repas compris\\).\n\n"
        "[image1]: <data:image/png;base64,iVBORw0KGgoAAAANSUhEUg>\n"
    )
    followed.world.put(
        "Stage", exported(content.encode()), parent=followed.root, mime=DOC
    )

    await followed.library.sync()

    [found] = await followed.library.search("combien coûte le stage ?")
    assert found.title == "Le stage d'été"
    assert found.text == "Le stage coûte 15-000 F (repas compris)."
    assert found.link == "https://drive.google.com/file/d/F0002/view"
    assert f"{found.updated}" == "2026-10-02"


async def test_a_doc_of_pictures_only_is_told(followed: Followed) -> None:
    content = exported(
        b"![][image1]\n\n[image1]: <data:image/png;base64,iVBORw0KGgo>\n"
    )
    followed.world.put("Affiche", content, parent=followed.root, mime=DOC)

    await followed.library.sync()

    assert followed.library.problems() == [
        "Affiche: no text in it: pictures are not read"
    ]


async def test_all_sheets_are_read_and_the_slides_too(followed: Followed) -> None:
    sheets = xlsx(
        {
            "Horaires": [["Jour", "Heure"], ["lundi", "17 h"], ["jeudi", "18 h"]],
            "Salles": [["Salle", "Places"], ["Baobab", 30.0], ["Kapok", 12.0]],
        }
    )
    world, root = followed.world, followed.root
    world.put("Les salles", {XLSX: sheets}, parent=root, mime=SHEET)
    slides = {"text/plain": "Bienvenue\n\nLa fête est le samedi 5 juin.".encode()}
    world.put("La fête", slides, parent=root, mime=SLIDES)

    await followed.library.sync()

    rooms = await followed.texts("combien de places dans la salle Kapok ?")
    assert rooms[0] == "Salle : Kapok · Places : 12"
    assert "Jour : jeudi · Heure : 18 h" in (await followed.texts("jeudi ?"))[0]
    assert "samedi 5 juin" in (await followed.texts("quand est la fête ?"))[0]
    assert followed.library.problems() == []


async def test_what_is_above_googles_limit_is_told_and_stops_no_other(
    followed: Followed,
) -> None:
    huge = exported(b"x" * (10 * 1024**2 + 1))
    followed.world.put("Archives", huge, parent=followed.root, mime=DOC)
    followed.world.put("parking.md", PARKING, parent=followed.root)

    await followed.library.sync()

    [problem] = followed.library.problems()
    assert problem.startswith("Archives: above the 10 MB that Google exports: split it")
    assert await followed.texts("le parking ?")


async def test_other_kinds_are_told_without_being_fetched(followed: Followed) -> None:
    root = followed.root
    followed.world.put("photo.jpg", b"\xff\xd8", parent=root, mime="image/jpeg")
    followed.world.put(
        "Sondage", {}, parent=root, mime="application/vnd.google-apps.form"
    )
    big = followed.world.put("film.pdf", b"x" * 21 * 1024**2, parent=root)

    await followed.library.sync()

    assert "".join(followed.library.problems()).count("this kind of file") == 2
    assert "film.pdf: the file is too big" in followed.library.problems()
    assert not [path for path in followed.asked() if "!" in path], big.id


async def test_a_shortcut_is_what_it_leads_to(followed: Followed) -> None:
    world, root = followed.world, followed.root
    elsewhere = world.folder("Ailleurs")
    bus = world.put("bus.md", BUS, parent=elsewhere)
    inner = world.folder("Trajets")
    world.put("parking.md", PARKING, parent=inner)
    world.shortcut(bus, parent=root)
    world.shortcut(inner, parent=root)
    world.shortcut(root, parent=inner)  # round and round

    await followed.library.sync()

    assert await followed.library.titles() == ["Le bus", "Le parking"]
    [found] = await followed.library.search("où passe le bus ?")
    assert found.link == f"https://drive.google.com/file/d/{bus.id}/view"

    world.change(bus, content=BUS.replace(b"grande place", b"gare"))
    await followed.library.sync()
    assert "gare" in (await followed.texts("où passe le bus ?"))[0]


async def test_a_shortcut_that_is_taken_away_takes_its_document_along(
    followed: Followed,
) -> None:
    world = followed.world
    bus = world.put("bus.md", BUS, parent=world.folder("Ailleurs"))
    shortcut = world.shortcut(bus, parent=followed.root)
    await followed.library.sync()

    world.change(shortcut, trashed=True)
    await followed.library.sync()

    assert await followed.library.titles() == []


async def test_a_shortcut_to_what_is_not_shared_is_told_until_it_is(
    followed: Followed,
) -> None:
    world = followed.world
    bus = world.put("bus.md", BUS, parent=world.folder("Ailleurs"))
    bus.is_shared = False
    world.shortcut(bus, parent=followed.root)
    await followed.library.sync()
    [problem] = followed.library.problems()
    assert "bus.md: the shortcut leads to something that is not shared" in problem

    world.change(bus, is_shared=True)
    await followed.library.sync()

    assert followed.library.problems() == []
    assert await followed.texts("où passe le bus ?")


async def test_when_nothing_has_changed_one_call_says_so(followed: Followed) -> None:
    followed.world.put("parking.md", PARKING, parent=followed.root)
    await followed.library.sync()
    followed.asked()

    await followed.library.sync()

    assert followed.asked() == ["changes"]


async def test_a_change_elsewhere_is_not_fetched(followed: Followed) -> None:
    world = followed.world
    other = world.put("bus.md", BUS, parent=world.folder("Ailleurs"))
    await followed.library.sync()
    followed.asked()

    world.change(other, content=b"# Le bus\n\nplus de bus")
    await followed.library.sync()

    assert followed.asked() == ["changes"]


async def test_a_new_name_is_not_fetched_again(followed: Followed) -> None:
    parking = followed.world.put("parking.md", PARKING, parent=followed.root)
    await followed.library.sync()
    followed.asked()

    followed.world.change(parking, name="se garer.md")
    await followed.library.sync()

    assert followed.asked() == ["changes"]
    [found] = await followed.library.search("le parking ?")
    assert found.source == "se garer.md"


async def test_a_new_name_of_a_workbook_is_its_new_title(followed: Followed) -> None:
    table = xlsx({"A": [["Jour", "Heure"], ["lundi", "17 h"], ["mardi", "18 h"]]})
    sheet = followed.world.put(
        "Chorale", {XLSX: table}, parent=followed.root, mime=SHEET
    )
    await followed.library.sync()

    followed.world.change(sheet, name="La danse")
    await followed.library.sync()

    assert await followed.library.titles() == ["La danse"]


@pytest.mark.parametrize("status", [400, 404, 410])
async def test_a_token_that_is_rejected_is_dropped_and_all_is_compared_again(
    followed: Followed, status: int
) -> None:
    world, root = followed.world, followed.root
    parking = world.put("parking.md", PARKING, parent=root)
    bus = world.put("bus.md", BUS, parent=root)
    await followed.library.sync()
    world.log.clear()  # nobody will tell any more what happened
    world.delete(bus)
    world.put("fete.md", b"# La fete\n\nLa fete est en juin.", parent=root)
    world.log.clear()
    followed.counterpart.rejected_tokens = Refused(status, "invalid")
    followed.asked()

    await followed.library.sync()

    assert await followed.library.titles() == ["La fete", "Le parking"]
    assert f"files/{parking.id}!" not in followed.asked()  # as it was: not fetched
    followed.counterpart.rejected_tokens = None
    world.change(parking, content=PARKING.replace(b"gratuit", b"payant"))
    await followed.library.sync()
    assert "payant" in (await followed.texts("le parking ?"))[0]


async def test_other_folders_in_the_settings_are_a_new_beginning(
    followed: Followed,
) -> None:
    world = followed.world
    other = world.folder("Autre")
    world.put("parking.md", PARKING, parent=followed.root)
    world.put("bus.md", BUS, parent=other)
    await followed.library.sync()

    moved = replace(followed.settings, folder_ids=[other.id])
    again = library_on(followed.memory.drive_shelf, moved)
    await again.sync()

    assert await again.titles() == ["Le bus"]


async def test_a_folder_that_is_moved_in_brings_what_is_in_it(
    followed: Followed,
) -> None:
    world = followed.world
    outside = world.folder("Ailleurs")
    trips = world.put("Trajets", parent=outside, mime=FOLDER)
    world.put("bus.md", BUS, parent=trips)
    await followed.library.sync()
    assert await followed.library.titles() == []

    world.move(trips, followed.root)
    await followed.library.sync()

    assert await followed.library.titles() == ["Le bus"]
