"""A roll sent as a spreadsheet's file, on the real program: taken from its administrator, once it was asked for."""

from __future__ import annotations

from tests.endtoend.hall import Hall

LIST = "Nom;Groupe\r\nZoé Lefèvre;bureau\r\nBruno Brun;\r\n".encode("cp1252")


async def test_a_roll_is_imported_from_a_file(hall: Hall) -> None:
    await hall.say(hall.bruno, "/list")
    await hall.meet(hall.ana)
    await hall.meet(hall.bruno)
    await hall.say(hall.ana, "/list")
    await hall.api.send_document(hall.ana, hall.ana, LIST)
    await hall.told(hall.ana, "refusal.file-unasked")
    await hall.api.send_document(hall.bruno, hall.bruno, LIST, caption="/roll import")
    await hall.see(hall.bruno, "administer")
    await hall.quiet()
    assert not [call for call in hall.api.calls if call.method == "getFile"]

    await hall.say(hall.ana, "/roll import", hall.ana)
    await hall.see(hall.ana, "send me the CSV file")
    await hall.api.send_document(hall.ana, hall.ana, LIST)
    preview = await hall.see(hall.ana, "2 new members: Zoé Lefèvre, Bruno Brun")
    assert "Check the accents" in preview.text
    await hall.press(hall.ana, preview, "Import")
    await hall.see(hall.ana, "2 members")
