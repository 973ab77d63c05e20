"""A validator of a recursive model for each call, as a route that builds its TypeAdapter does."""

from pydantic import BaseModel, TypeAdapter


class Answer(BaseModel):
    text: str


class Turn(BaseModel):
    replies: list["Turn"]
    answer: Answer


def unit(_context):
    answer = {"replies": [], "answer": {"text": "hello"}}
    return TypeAdapter(list[Turn]).validate_python([answer])
