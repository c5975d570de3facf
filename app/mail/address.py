"""E-mail addresses in the one form in which they are kept and compared."""

from email_validator import EmailNotValidError, validate_email


def normal_address(typed: str) -> str | None:
    """The address in lower case with its domain in ASCII, or None where it is none.

    Nobody's mail tells `Anna@` from `anna@`, and people type both.
    """
    try:
        # Names under .test are addresses too: the demo has one, and a mailed code proves the rest.
        valid = validate_email(
            typed.strip(),
            check_deliverability=False,
            allow_smtputf8=False,
            strict=True,
            test_environment=True,
        )
    except EmailNotValidError:
        return None
    address = (valid.ascii_email or "").lower()
    # An encoded word is allowed in an address by the letter, and is decoded by some programs.
    return None if "=?" in address else address
