"""Forms of pages are read with the same schema as the API: one shape in, whichever face it comes by.

    @bp.get("/people/new")
    @access("admin")
    def new_person() -> str:
        return render_template("people/new.html", units=queries.units(by=g.person))

    @bp.post("/people")
    @access("admin")
    @redisplay(new_person)
    @writes
    def enrol() -> ResponseReturnValue:
        person = actions.enrol(by=g.person, new=NewPerson(**load(EnrolIn)), at=clock.now())
        return redirect(url_for(".person", person_id=person.id), 303)

In the template the macros of `macros.html` (`ui.form`, `ui.text`, `ui.choice`, …) fill in what was typed and show the
refusal's words at the top and at the field; nothing needs to be passed for it.
"""

from collections.abc import Callable
from functools import wraps
from inspect import signature
from typing import Any

from flask import Response, g, make_response, request
from marshmallow import Schema, ValidationError, fields
from sqlalchemy.exc import IntegrityError

from bank.errors import BankError, Invalid
from bank.web import errors


def load(schema: type[Schema]) -> dict[str, Any]:
    """What a person typed into the present form, loaded by a schema. Raises Invalid with messages by field."""
    try:
        loaded: dict[str, Any] = schema().load(_typed(schema()))
    except ValidationError as error:
        raise Invalid(errors=error.messages) from None
    return loaded


def redisplay(form: Callable[..., Any]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """After a refusal, show the page of the form again with what was typed and why it was refused; it goes outside `writes`."""

    def guard(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def kept(*args: Any, **kwargs: Any) -> Any:
            try:
                return view(*args, **kwargs)
            except IntegrityError:
                return _show_again(form, errors.ConstraintBroken(), args, kwargs)
            except BankError as refusal:
                return _show_again(form, refusal, args, kwargs)

        return kept

    return guard


def _show_again(form: Callable[..., Any], refusal: BankError, args: Any, kwargs: Any) -> Response:
    g.refusal = errors.refusal_in_words(refusal)
    # The address of a deed may name more than the page does on which its form stands.
    wanted = signature(form).parameters
    page = make_response(form(*args, **{name: value for name, value in kwargs.items() if name in wanted}))
    page.status_code = errors.answer_status(refusal)
    return page


def _typed(schema: Schema) -> dict[str, Any]:
    typed: dict[str, Any] = {}
    for name, field in schema.fields.items():
        key = field.data_key or name
        texts = [text.strip() for text in request.form.getlist(key) if text.strip()]
        if isinstance(field, fields.List):
            typed[key] = [_meant(field.inner, text) for text in texts]
        elif texts:
            typed[key] = _meant(field, texts[0])
    return typed


def _meant(field: fields.Field[Any], text: str) -> object:
    return field.from_text(text) if hasattr(field, "from_text") else text
