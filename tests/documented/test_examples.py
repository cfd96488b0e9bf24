from tests.documented.examples import entity_examples, queue_examples
from tests.documented.shapes import json_type


def test_the_examples_are_all_there() -> None:
    assert len(queue_examples()) == 49
    assert len(entity_examples()) == 114


def test_every_answer_is_an_object_with_a_result_or_an_error() -> None:
    answers = [
        example.response
        for example in queue_examples() + entity_examples()
        if example.response is not None
    ]

    assert {json_type(answer) for answer in answers} == {"object"}
    assert [answer for answer in answers if not answer.keys() & {"result", "error"}] == []


def test_only_an_example_with_an_answer_is_tied_to_it() -> None:
    examples = queue_examples() + entity_examples()

    assert [example for example in examples if example.tied and example.response is None] == []
