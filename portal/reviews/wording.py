"""Words for what experiences are made of."""

from __future__ import annotations

from portal.catalogue.codelists import CodeLists
from portal.core.languages import chosen, gettext
from portal.core.messages import N_
from portal.core.personal_data import PersonalKind
from portal.reviews.models import Experience, InvitationBatch
from portal.reviews.types import Occasion, OfficeKind, Quarter, Rule, Status, ToldFramework, Voice

VOICES = {
    Voice.YOUNG_PERSON: N_("Young person"),
    Voice.PARENT: N_("Parent or carer"),
}
VOICE_GROUPS = {
    Voice.YOUNG_PERSON: N_("Young people"),
    Voice.PARENT: N_("Parents and carers"),
}
OCCASIONS = {
    Occasion.END: N_("At the end of the help"),
    Occasion.YEARLY: N_("At the yearly evaluation"),
    Occasion.YEAR_LATER: N_("A year after the end"),
}
FRAMEWORKS = {
    ToldFramework.VOLUNTARY: N_("Help that the family chose itself"),
    ToldFramework.MANDATORY: N_("Help that a court imposed"),
    ToldFramework.UNKNOWN: N_("Chosen or imposed: not told"),
}
OFFICES = {
    OfficeKind.ACCESS_TEAM: N_("Access team of the municipality"),
    OfficeKind.YOUTH_PROTECTOR: N_("Youth protection"),
    OfficeKind.MUNICIPALITY: N_("Families of the municipality"),
}
STATUSES = {
    Status.RECEIVED: N_("To be read"),
    Status.READY: N_("Approved, waits for others to appear with"),
    Status.PUBLISHED: N_("Published"),
    Status.REFUSED: N_("Not published"),
    Status.REMOVED: N_("Taken down"),
}
PERSONAL = {
    PersonalKind.NAME: N_("a name"),
    PersonalKind.PHONE: N_("a phone number"),
    PersonalKind.MAIL: N_("a mail address"),
    PersonalKind.LINK: N_("a link or account"),
    PersonalKind.ADDRESS: N_("an address"),
    PersonalKind.DATE: N_("a date"),
    PersonalKind.MONTH: N_("a month"),
    PersonalKind.BSN: N_("a citizen service number"),
    PersonalKind.SCHOOL: N_("a school"),
    PersonalKind.PLATE: N_("a number plate"),
}
RULES = {
    Rule.NOT_OWN: N_("It is not about what you or your child went through here."),
    Rule.RECOGNISABLE: N_("One could tell from it who somebody is, and without that nothing is left."),
    Rule.ACCUSATION: N_(
        "It accuses somebody of a crime. We cannot find out whether that is so. The police, Veilig Thuis or the "
        "inspectorate can."
    ),
    Rule.ABUSE: N_("It threatens or scolds somebody. You may be angry, about what was done."),
    Rule.DISCRIMINATION: N_("It puts people down for who they are."),
    Rule.ADVERTISING: N_("It is advertising, or has nothing to do with the help."),
    Rule.TWICE: N_("The same experience was told before."),
    Rule.NOT_UPHELD: N_("The provider disputed a fact, and it was not upheld."),
}
_RULES_TO_YOUNG = {
    Rule.NOT_OWN: N_("It is not about what you went through here yourself."),
}


def rule_words(rule: Rule, voice: Voice) -> str:
    """A house rule in words, to who told with this voice."""
    return gettext(_RULES_TO_YOUNG.get(rule, RULES[rule]) if voice is Voice.YOUNG_PERSON else RULES[rule])


def help_words(of: InvitationBatch | Experience, lists: CodeLists) -> str:
    """Which kind of help it is about, or which kind of office."""
    if of.office_kind is not None:
        return gettext(OFFICES[of.office_kind])
    return lists.label("arrangements", of.arrangement, chosen()).label


def quarter_words(text: str) -> str:
    """`vierde kwartaal van 2026`."""
    quarter = Quarter.read(text)
    words = (
        N_("first quarter of %(year)s"),
        N_("second quarter of %(year)s"),
        N_("third quarter of %(year)s"),
        N_("fourth quarter of %(year)s"),
    )
    return gettext(words[quarter.of_year - 1], year=quarter.year)
