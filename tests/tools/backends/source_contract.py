"""What every source of documents does: its tests run on the folder and on Drive."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence

import pytest

from tools.backends.documents import Passage
from tools.backends.library import Library

from . import files

PARKING = "# Le parking\n\nLe parking est gratuit le dimanche."
BUS = "# Le bus\n\nLe bus passe par la grande place."

Start = Callable[[], Library]


class Place(ABC):
    """Where people put their documents, and take them away."""

    @abstractmethod
    def put(self, name: str, content: bytes) -> None:
        """Put a file there, new or in the place of the one of this name."""

    @abstractmethod
    def rename(self, name: str, new: str) -> None: ...

    @abstractmethod
    def move_out(self, name: str) -> None:
        """Out of the allowed folder, to where only its author looks."""

    @abstractmethod
    def remove(self, name: str) -> None: ...

    @abstractmethod
    def make_folder(self, name: str) -> None: ...

    @abstractmethod
    def put_into(self, folder: str, name: str, content: bytes) -> None: ...

    @abstractmethod
    def move_folder_out(self, name: str) -> None: ...


async def asked(library: Library, question: str) -> Sequence[Passage]:
    return [one for one in await library.search(question) if one.is_evident]


async def parking(library: Library) -> str:
    found = await asked(library, "le parking est-il gratuit ?")
    return found[0].text if found else ""


class SourceContract:
    """A contract states a `place` and a `start` of a process that follows it."""

    @pytest.fixture
    async def library(self, place: Place, start: Start) -> Library:
        """A library that has read one document."""
        place.put("parking.md", PARKING.encode())
        library = start()
        await library.sync()
        return library

    async def test_what_is_there_is_found(self, library: Library) -> None:
        assert await library.titles() == ["Le parking"]
        assert await parking(library) == "Le parking est gratuit le dimanche."

    async def test_what_is_added_is_found(self, library: Library, place: Place) -> None:
        place.put("bus.md", BUS.encode())

        synced = await library.sync()

        assert (synced.changed, synced.gone) == (1, 0)
        assert await asked(library, "où passe le bus ?")
        assert await parking(library)

    async def test_what_is_changed_is_found_as_it_is(
        self, library: Library, place: Place
    ) -> None:
        place.put("parking.md", PARKING.replace("gratuit", "payant").encode())

        await library.sync()

        assert await library.titles() == ["Le parking"]
        [found] = await library.search("le parking le dimanche ?")
        assert found.text == "Le parking est payant le dimanche."

    async def test_what_is_renamed_is_there_once(
        self, library: Library, place: Place
    ) -> None:
        place.rename("parking.md", "où se garer.md")

        await library.sync()

        [found] = await asked(library, "le parking est-il gratuit ?")
        assert found.source == "où se garer.md"

    async def test_what_is_moved_out_is_no_longer_said(
        self, library: Library, place: Place
    ) -> None:
        place.move_out("parking.md")

        synced = await library.sync()

        assert (synced.changed, synced.gone) == (0, 1)
        assert await library.search("le parking ?") == []

    async def test_what_is_removed_is_no_longer_said(
        self, library: Library, place: Place
    ) -> None:
        place.remove("parking.md")

        await library.sync()

        assert await library.titles() == []
        assert await library.search("le parking ?") == []

    async def test_nothing_new_is_read_once_only(self, library: Library) -> None:
        before = await library.shelf.state()

        synced = await library.sync()

        after = await library.shelf.state()
        assert (synced.changed, synced.gone) == (0, 0)
        assert after.generation == before.generation
        assert after.revision == before.revision + 1

    async def test_what_cannot_be_read_stops_no_other_and_is_told(
        self, library: Library, place: Place
    ) -> None:
        place.put("cassé.pdf", b"%PDF-1.7 and then nothing")

        await library.sync()

        assert library.problems() == ["cassé.pdf: the file is damaged"]
        assert await parking(library)

    async def test_a_scan_without_text_is_told(
        self, library: Library, place: Place, scan: bytes
    ) -> None:
        place.put("affiche.pdf", scan)

        await library.sync()

        [problem] = library.problems()
        assert problem.startswith("affiche.pdf: no text in it: a scan")
        assert await library.titles() == ["Le parking"]

    async def test_what_was_mended_is_read(
        self, library: Library, place: Place
    ) -> None:
        place.put("bus.docx", b"no document of Word")
        await library.sync()
        place.remove("bus.docx")
        place.put("bus.md", BUS.encode())

        await library.sync()

        assert library.problems() == []
        assert await asked(library, "où passe le bus ?")

    async def test_a_folder_in_it_comes_and_goes_with_what_is_in_it(
        self, library: Library, place: Place
    ) -> None:
        place.make_folder("trajets")
        place.put_into("trajets", "bus.md", BUS.encode())
        await library.sync()
        assert await asked(library, "où passe le bus ?")

        place.move_folder_out("trajets")
        await library.sync()

        assert await asked(library, "où passe le bus ?") == []
        assert await parking(library)

    async def test_a_process_that_starts_again_finds_what_changed_meanwhile(
        self, library: Library, place: Place, start: Start
    ) -> None:
        await library.close()
        place.remove("parking.md")
        place.put("bus.md", BUS.encode())

        again = start()
        await again.sync()

        assert await again.titles() == ["Le bus"]

    @pytest.fixture
    def scan(self, tmp_path_factory: pytest.TempPathFactory) -> bytes:
        """A PDF without a letter in it."""
        return files.pdf(tmp_path_factory.mktemp("scan") / "x.pdf").read_bytes()
