"""Answers of customs, without namespaces as real ones come (HMRC example notifications)."""

ERROR = """\
<Error><ValidationCode>CDS12005</ValidationCode>
<Pointer><DocumentSectionCode>42A</DocumentSectionCode></Pointer>
<Pointer><DocumentSectionCode>67A</DocumentSectionCode></Pointer>
<Pointer><SequenceNumeric>1</SequenceNumeric><DocumentSectionCode>68A</DocumentSectionCode></Pointer>
<Pointer><DocumentSectionCode>23A</DocumentSectionCode><TagID>137</TagID></Pointer></Error>
"""
RESPONSE = """\
<MetaData><WCODataModelVersionCode>3.6</WCODataModelVersionCode><WCOTypeName>RES</WCOTypeName>
<ResponsibleCountryCode/><ResponsibleAgencyName/>
<Response><FunctionCode>{code}</FunctionCode>
<FunctionalReferenceID>{notification}</FunctionalReferenceID>
<IssueDateTime><DateTimeString formatCode="304">{issued}</DateTimeString></IssueDateTime>
{error}<Declaration><FunctionalReferenceID>{lrn}</FunctionalReferenceID><ID>{mrn}</ID><VersionID>1</VersionID></Declaration>
</Response></MetaData>
"""


def mrn_of(lrn):
    """The MRN that this customs gives: one a declaration."""
    return f"26GB{lrn[-12:]:0>12}R5"


def response(code, lrn, *, notification="", issued="20260915100000Z", mrn=None, error=""):
    return RESPONSE.format(
        code=code,
        lrn=lrn,
        notification=notification or f"{code}{lrn}".ljust(32, "0")[:32].lower(),
        issued=issued,
        mrn=mrn_of(lrn) if mrn is None else mrn,
        error=error,
    )
