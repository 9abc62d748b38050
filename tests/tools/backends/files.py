"""Small PDF and DOCX files, good and bad, written by hand."""

from pathlib import Path

import docx


def pdf(path: Path, *lines: tuple[int, int, int, str], extra: str = "") -> Path:
    """A page with texts at (size, x, y); `extra` goes into the trailer."""
    drawn = "".join(f"BT /F {s} Tf {x} {y} Td ({t}) Tj ET\n" for s, x, y, t in lines)
    parts = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R"
        " /Resources << /Font << /F 5 0 R >> >> >>",
        f"<< /Length {len(drawn)} >>\nstream\n{drawn}endstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica"
        " /Encoding /WinAnsiEncoding >>",
    ]
    text, places = "%PDF-1.4\n", list[int]()
    for number, part in enumerate(parts, start=1):
        places.append(len(text))
        text += f"{number} 0 obj\n{part}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    start = len(text)
    text += f"xref\n0 6\n0000000000 65535 f \n{table}"
    text += f"trailer << /Size 6 /Root 1 0 R {extra} >>\nstartxref\n{start}\n%%EOF"
    path.write_bytes(text.encode("latin-1"))
    return path


def locked_pdf(path: Path) -> Path:
    secret = "ab" * 32
    lock = f"/Filter /Standard /V 1 /R 2 /P -4 /O <{secret}> /U <{secret}>"
    return pdf(path, extra=f"/Encrypt << {lock} >> /ID [<00> <00>]")


def word(path: Path) -> Path:
    document = docx.Document()
    document.add_heading("Le règlement", level=0)
    document.add_paragraph("Avant le tableau.")
    table = document.add_table(rows=2, cols=2)
    for number, text in enumerate(("Retard", "Suite", "15 minutes", "la porte ferme")):
        table.cell(number // 2, number % 2).text = text
    document.add_heading("Tenue", level=1)
    document.add_paragraph("une gourde", style="List Bullet")
    document.add_paragraph("un chapeau", style="List Bullet")
    document.save(str(path))
    return path
