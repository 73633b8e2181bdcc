"""JUnit's XML may be printed into a build's log."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from gateprint.terraform.runs.junit import Case, Suite, junit_xml


def test_no_text_is_a_command_to_a_runner_and_a_reader_of_xml_sees_it_whole() -> None:
    hostile = "##[error]no ##vso[task.complete]"
    text = junit_xml(hostile, [Suite(hostile, (Case("group", hostile, "failure", hostile),))])
    assert "##" not in text
    assert ET.fromstring(text).get("name") == hostile  # noqa: S314 - written a line above
