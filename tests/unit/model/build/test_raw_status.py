"""The JSON lines of a build's progress, as news; the lines are buildx 0.29's own."""

from __future__ import annotations

from helpers.model.build.dockerfile import read_dockerfile
from helpers.model.build.raw_status import raw_news
from helpers.model.build.trace import BuildTrace, LogNews, StatusNews, VertexNews

AT = "2026-11-30T06:56:00.844443607Z"


def test_a_step_a_part_of_it_and_what_it_writes() -> None:
    news = list(
        raw_news(
            {
                "vertexes": [
                    {
                        "digest": "sha256:1",
                        "name": "[2/2] RUN x",
                        "inputs": ["sha256:0"],
                        "started": AT,
                    }
                ],
                "statuses": [
                    {
                        "id": "transferring context:",
                        "vertex": "sha256:1",
                        "current": 51,
                        "total": 90,
                    }
                ],
                "logs": [{"vertex": "sha256:1", "stream": 2, "data": "aGkK", "timestamp": AT}],
            }
        )
    )
    vertex, status, log = news
    assert isinstance(vertex, VertexNews)
    assert vertex.inputs == ("sha256:0",)
    assert vertex.started is not None
    assert abs(vertex.started - 1_796_021_760.844443) < 1
    assert status == StatusNews("sha256:1", "transferring context:", 51, 90)
    assert isinstance(log, LogNews)
    assert (log.data, log.is_error) == (b"hi\n", True)
    trace = BuildTrace()
    trace.add(news, 1.0)
    (step,) = trace.steps(read_dockerfile("FROM a\nRUN x\n"))
    assert (step.instruction, step.line, [line.text for line in step.log]) == ("RUN x", 2, ["hi"])


def test_what_is_not_as_it_should_be_is_passed_over() -> None:
    assert list(raw_news({})) == []
    (log,) = raw_news({"vertexes": None, "logs": [{"data": "!"}]})
    assert log == LogNews("", 0.0, b"")
    (vertex,) = raw_news({"vertexes": [{"started": "yesterday", "completed": 5}]})
    assert vertex == VertexNews("", "")
