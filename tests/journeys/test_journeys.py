"""Every scenario of this folder, of the examples and of the rehearsal, played to its end against the whole bot."""


async def test_the_scenario_holds_to_its_end(play, scenario):
    code, transcript = await play(scenario.read_text(encoding="utf-8"))
    assert code == 0, transcript
