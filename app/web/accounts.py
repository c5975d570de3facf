"""The door: sign up, sign in, sign out, and a forgotten password."""

from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from app.learning.attempts import network_of
from app.learning.email_codes import CodeFlaw, EmailCode, Purpose
from app.learning.people import Learner
from app.mail.address import normal_address
from app.mail.outbox import MailFailed
from app.secrets.codes import key_of
from app.secrets.passwords import PasswordFlaw, password_flaw
from app.storage import email_codes, staff
from app.usecases import sign_in as signing_in
from app.usecases.confirm_reset import confirm_reset
from app.usecases.confirm_sign_up import confirm_sign_up
from app.usecases.mail_code_again import mail_code_again
from app.usecases.request_reset import request_reset
from app.usecases.request_sign_up import request_sign_up
from app.usecases.reset_password import reset_password
from app.usecases.sign_in import SignedIn
from app.web.dev_mail import has_readable_mail
from app.web.identity import (
    begin_session,
    browser_secret,
    learner_or_none,
    leave_session,
    login_required,
)
from app.web.next_page import asked_page, next_page
from app.web.state import course, haven, now
from app.web.zone import chosen_zone

accounts = Blueprint("accounts", __name__)

UNPROCESSABLE = 422
UNAVAILABLE = 503

_CODE_PAGES = {Purpose.SIGN_UP: ".sign_up_code", Purpose.RESET: ".reset_code"}
_FIRST_PAGES = {Purpose.SIGN_UP: ".sign_up", Purpose.RESET: ".forgotten"}
_FIRST_FORMS = {Purpose.SIGN_UP: "sign_up.html", Purpose.RESET: "forgotten.html"}


@accounts.after_request
def _keep_nothing(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response


@accounts.get("/aanmelden")
def sign_up() -> Any:
    if _is_member():
        return redirect(url_for("preferences.show"))
    return _form("sign_up.html")


@accounts.post("/aanmelden")
def ask_for_account() -> Any:
    """Whether the address has an account already is told to its owner, by mail, and to nobody else."""
    email, password = _email(), request.form.get("password", "")
    if email is None:
        flaw = password_flaw(password, course_words())
        return _form("sign_up.html", email="not_an_address", password=_value(flaw))
    try:
        flaw = request_sign_up(
            haven().mailer, browser_secret(), email, password, course_words(), network(), now()
        )
    except MailFailed:
        return _form("sign_up.html", mail="failed")
    if flaw is not None:
        return _form("sign_up.html", password=flaw.value)
    return redirect(url_for(".sign_up_code", next=asked_page()))


@accounts.get("/aanmelden/code")
def sign_up_code() -> Any:
    return _code_page(Purpose.SIGN_UP)


@accounts.post("/aanmelden/code")
def create_account() -> Any:
    guest, typed = _guest(), request.form.get("code", "")
    found = confirm_sign_up(browser_secret(), typed, guest, chosen_zone(), network(), now())
    if isinstance(found, CodeFlaw):
        return _code_page(Purpose.SIGN_UP, found)
    begin_session(found)
    return redirect(url_for(".signed_up", next=asked_page()))


@accounts.get("/aanmelden/klaar")
@login_required
def signed_up() -> str:
    return render_template("signed_up.html", next=asked_page())


@accounts.get("/inloggen")
def sign_in() -> Any:
    if _is_member():
        return redirect(next_page())
    return _form("sign_in.html")


@accounts.post("/inloggen")
def enter() -> Any:
    email = _email()
    if email is None:
        return _form("sign_in.html", email="not_an_address")
    password = request.form.get("password", "")
    found = signing_in.sign_in(email, password, _guest(), network(), now())
    if found is None:
        return _form("sign_in.html", password="wrong")
    return _entered(found)


@accounts.get("/inloggen/samengevoegd")
@login_required
def merged() -> str:
    return render_template("merged.html", next=next_page())


@accounts.get("/uitloggen")
@login_required
def sign_out() -> str:
    return render_template("sign_out.html")


@accounts.post("/uitloggen")
def leave() -> Response:
    response = make_response(redirect(url_for("pages.welcome")))
    leave_session(response)
    return response


@accounts.get("/wachtwoord-vergeten")
def forgotten() -> Any:
    return _form("forgotten.html")


@accounts.post("/wachtwoord-vergeten")
def ask_for_reset() -> Any:
    email = _email()
    if email is None:
        return _form("forgotten.html", email="not_an_address")
    try:
        request_reset(haven().mailer, browser_secret(), email, network(), now())
    except MailFailed:
        return _form("forgotten.html", mail="failed")
    return redirect(url_for(".reset_code"))


@accounts.get("/wachtwoord-vergeten/code")
def reset_code() -> Any:
    return _code_page(Purpose.RESET)


@accounts.post("/wachtwoord-vergeten/code")
def confirm_code() -> Any:
    flaw = confirm_reset(browser_secret(), request.form.get("code", ""), network(), now())
    if flaw is not None:
        return _code_page(Purpose.RESET, flaw)
    return redirect(url_for(".new_password"))


@accounts.get("/wachtwoord-vergeten/nieuw")
def new_password() -> Any:
    code = _asked(Purpose.RESET)
    if code is None or not code.is_confirmed or code.expires_at <= now():
        return redirect(url_for(".forgotten"))
    return _form("new_password.html", account=code.email)


@accounts.post("/wachtwoord-vergeten/nieuw")
def replace_password() -> Any:
    code, password = _asked(Purpose.RESET), request.form.get("password", "")
    found = reset_password(
        haven().mailer, browser_secret(), password, course_words(), _guest(), now()
    )
    if isinstance(found, PasswordFlaw) and code is not None:
        return _form("new_password.html", account=code.email, password=found.value)
    if not isinstance(found, SignedIn):
        return _form("forgotten.html", code="gone")
    return _entered(found)


@accounts.post("/aanmelden/code/opnieuw", defaults={"purpose": Purpose.SIGN_UP})
@accounts.post("/wachtwoord-vergeten/code/opnieuw", defaults={"purpose": Purpose.RESET})
def another_code(purpose: Purpose) -> Any:
    try:
        is_sent = mail_code_again(haven().mailer, browser_secret(), purpose, network(), now())
    except MailFailed:
        return _code_page(purpose, mail="failed")
    page = _CODE_PAGES[purpose] if is_sent else _FIRST_PAGES[purpose]
    return redirect(url_for(page, next=asked_page()))


def network() -> str:
    """The network the visitor comes from, for limits."""
    return network_of(request.remote_addr or "")


def course_words() -> list[str]:
    """What this course is about: the first words a guesser tries here."""
    return [concept.term for concept in course().concepts.values()]


def _entered(found: SignedIn) -> BaseResponse:
    begin_session(found.learner)
    # Whoever teaches comes for their groups.
    page = next_page("/groepen" if staff.role_of(found.learner.email) else "/vandaag")
    if found.merged:
        return redirect(url_for(".merged", next=page))
    return redirect(page)


def _code_page(purpose: Purpose, flaw: CodeFlaw | None = None, mail: str | None = None) -> Any:
    code = _asked(purpose)
    if code is None and flaw is not None:
        return _form(_FIRST_FORMS[purpose], code=flaw.value)
    if code is None or code.is_confirmed:
        return redirect(url_for(_FIRST_PAGES[purpose]))
    return _form(
        "code.html", account=code.email, purpose=purpose.value, code=_value(flaw), mail=mail
    )


def _form(
    template: str, account: str = "", purpose: str = "", **flaws: str | None
) -> tuple[str, int]:
    """The form, with what was typed (never a password) and what is wrong with it, by field."""
    errors = {field: flaw for field, flaw in flaws.items() if flaw}
    page = render_template(
        template,
        errors=errors,
        email=request.form.get("email", ""),
        next=next_page(""),
        account=account,
        purpose=purpose,
        reads_mail_here=has_readable_mail(),
    )
    if "mail" in errors:
        return page, UNAVAILABLE
    return page, UNPROCESSABLE if errors else 200


def _email() -> str | None:
    return normal_address(request.form.get("email", ""))


def _value(flaw: PasswordFlaw | CodeFlaw | None) -> str | None:
    return None if flaw is None else flaw.value


def _asked(purpose: Purpose) -> EmailCode | None:
    secret = browser_secret()
    return email_codes.code_of(key_of(secret), purpose) if secret else None


def _guest() -> Learner | None:
    learner = learner_or_none()
    return learner if learner is not None and learner.is_guest else None


def _is_member() -> bool:
    learner = learner_or_none()
    return learner is not None and not learner.is_guest
