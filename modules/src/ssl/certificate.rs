//! What stands in a certificate.

use super::der::{self, Element, Reader, part, plain_part};

/// A certificate that was read; the parts are those of its bytes.
pub struct Certificate<'a> {
    pub version: i64,
    /// The bytes of an integer.
    pub serial: &'a [u8],
    /// Names as they are encoded.
    pub issuer: Element<'a>,
    pub subject: Element<'a>,
    pub not_before: Element<'a>,
    pub not_after: Element<'a>,
    extensions: Vec<Extension<'a>>,
}

pub struct Extension<'a> {
    identifier: &'a [u8],
    pub is_critical: bool,
    pub value: &'a [u8],
}

pub const SUBJECT_KEY_IDENTIFIER: &[u8] = &[0x55, 0x1D, 14];
pub const SUBJECT_ALT_NAME: &[u8] = &[0x55, 0x1D, 17];
pub const BASIC_CONSTRAINTS: &[u8] = &[0x55, 0x1D, 19];
pub const CRL_DISTRIBUTION_POINTS: &[u8] = &[0x55, 0x1D, 31];
pub const AUTHORITY_KEY_IDENTIFIER: &[u8] = &[0x55, 0x1D, 35];
const AUTHORITY_ACCESS: &[u8] = &[0x2B, 6, 1, 5, 5, 7, 1, 1];
pub const OCSP: &[u8] = &[0x2B, 6, 1, 5, 5, 7, 48, 1];
pub const CA_ISSUERS: &[u8] = &[0x2B, 6, 1, 5, 5, 7, 48, 2];
pub const COMMON_NAME: &[u8] = &[0x55, 4, 3];

/// The kinds of names in `subjectAltName`.
pub const OTHER_NAME: u8 = part(0);
pub const EMAIL_NAME: u8 = plain_part(1);
pub const DNS_NAME: u8 = plain_part(2);
pub const DIRECTORY_NAME: u8 = part(4);
pub const URI_NAME: u8 = plain_part(6);
pub const ADDRESS_NAME: u8 = plain_part(7);
pub const IDENTIFIER_NAME: u8 = plain_part(8);

impl<'a> Certificate<'a> {
    /// Reads a certificate that is all of the bytes.
    pub fn read(der: &'a [u8]) -> Option<Certificate<'a>> {
        let mut outer = Reader(der);
        let whole = outer.expect(der::SEQUENCE)?;
        if !outer.is_at_end() {
            return None;
        }
        let mut signed = whole.reader();
        let body = signed.expect(der::SEQUENCE)?;
        // The algorithm of the signature, and the signature.
        signed.expect(der::SEQUENCE)?;
        signed.expect(der::BIT_STRING)?;
        let mut body = body.reader();
        let version = match body.optional(part(0)) {
            Some(version) => i64::from(*version.reader().expect(der::INTEGER)?.body.last()?) + 1,
            None => 1,
        };
        let serial = body.expect(der::INTEGER)?.body;
        body.expect(der::SEQUENCE)?;
        let issuer = body.expect(der::SEQUENCE)?;
        let mut validity = body.expect(der::SEQUENCE)?.reader();
        let (not_before, not_after) = (validity.next()?, validity.next()?);
        let subject = body.expect(der::SEQUENCE)?;
        body.expect(der::SEQUENCE)?;
        let mut extensions = Vec::new();
        for element in body {
            if element.tag == part(3) {
                for extension in element.reader().expect(der::SEQUENCE)?.reader() {
                    let mut fields = extension.reader();
                    let identifier = fields.expect(der::OBJECT_IDENTIFIER)?.body;
                    let is_critical = fields.optional(der::BOOLEAN).is_some_and(|truth| truth.body != [0]);
                    let value = fields.expect(der::OCTET_STRING)?.body;
                    extensions.push(Extension { identifier, is_critical, value });
                }
            }
        }
        Some(Certificate { version, serial, issuer, subject, not_before, not_after, extensions })
    }

    pub fn extension(&self, identifier: &[u8]) -> Option<&Extension<'a>> {
        self.extensions.iter().find(|extension| extension.identifier == identifier)
    }

    /// May it sign other certificates?
    pub fn is_authority(&self) -> bool {
        match self.extension(BASIC_CONSTRAINTS) {
            Some(extension) => {
                let sequence = Reader(extension.value).expect(der::SEQUENCE);
                let first = sequence.and_then(|sequence| sequence.reader().next());
                first.is_some_and(|first| first.tag == der::BOOLEAN && first.body != [0])
            }
            // Those of the first version do not say.
            None => self.version == 1 && self.is_self_issued(),
        }
    }

    pub fn is_self_issued(&self) -> bool {
        self.issuer.whole == self.subject.whole
    }

    /// The elements of `subjectAltName`.
    pub fn alternative_names(&self) -> impl Iterator<Item = Element<'a>> + use<'a> {
        let value = self.extension(SUBJECT_ALT_NAME).map_or(&[][..], |extension| extension.value);
        Reader(value).expect(der::SEQUENCE).map_or(Reader(&[]), |names| names.reader())
    }

    /// The addresses under which an authority offers something.
    pub fn access(&self, method: &[u8]) -> Vec<String> {
        let value = self.extension(AUTHORITY_ACCESS).map_or(&[][..], |extension| extension.value);
        let Some(list) = Reader(value).expect(der::SEQUENCE) else { return Vec::new() };
        let of_method = |entry: Element<'a>| {
            let mut fields = entry.reader();
            let is_it = fields.expect(der::OBJECT_IDENTIFIER)?.body == method;
            fields.expect(URI_NAME).filter(|_| is_it).map(der::text)
        };
        list.reader().filter_map(of_method).collect()
    }

    /// The addresses of lists of what was revoked.
    pub fn distribution_points(&self) -> Vec<String> {
        let value = self.extension(CRL_DISTRIBUTION_POINTS).map_or(&[][..], |extension| extension.value);
        let Some(points) = Reader(value).expect(der::SEQUENCE) else { return Vec::new() };
        let names = points.reader().filter_map(|point| {
            let name = point.reader().optional(part(0))?;
            name.reader().optional(part(0))
        });
        names.flat_map(|names| names.reader()).filter(|name| name.tag == URI_NAME).map(der::text).collect()
    }

    /// The last common name of the subject, which is the nearest.
    pub fn common_name(&self) -> Option<String> {
        let parts = self.subject.reader().flat_map(|set| set.reader());
        let of_kind = |pair: Element<'a>| {
            let mut fields = pair.reader();
            let is_it = fields.expect(der::OBJECT_IDENTIFIER)?.body == COMMON_NAME;
            fields.next().filter(|_| is_it).map(der::text)
        };
        parts.filter_map(of_kind).last()
    }

    /// Seconds since 1970 of the two ends of its validity.
    pub fn validity(&self) -> Option<(i64, i64)> {
        Some((Moment::of(self.not_before)?.seconds(), Moment::of(self.not_after)?.seconds()))
    }
}

/// A moment by the calendar.
pub struct Moment {
    year: i64,
    month: i64,
    day: i64,
    time: [i64; 3],
}

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

impl Moment {
    pub fn of(element: Element<'_>) -> Option<Moment> {
        let text = element.body.strip_suffix(b"Z")?;
        let year_digits = if element.tag == der::UTC_TIME { 2 } else { 4 };
        if !text.is_ascii() || text.len() != year_digits + 10 || !text.iter().all(u8::is_ascii_digit) {
            return None;
        }
        let number = |digits: &[u8]| digits.iter().fold(0, |number, digit| number * 10 + i64::from(digit - b'0'));
        let mut year = number(&text[..year_digits]);
        if element.tag == der::UTC_TIME {
            year += if year < 50 { 2000 } else { 1900 };
        }
        let mut rest = text[year_digits..].chunks_exact(2).map(number);
        let mut next = || rest.next().unwrap_or(0);
        let (month, day, time) = (next(), next(), [next(), next(), next()]);
        (1..=12).contains(&month).then_some(Moment { year, month, day, time })
    }

    pub fn text(&self) -> String {
        let [hour, minute, second] = self.time;
        let month = MONTHS[self.month as usize - 1];
        format!("{month} {:2} {hour:02}:{minute:02}:{second:02} {} GMT", self.day, self.year)
    }

    fn seconds(&self) -> i64 {
        // Days since 1970 of a year that begins in March.
        let year = if self.month <= 2 { self.year - 1 } else { self.year };
        let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
        let day_of_year = (153 * ((self.month + 9) % 12) + 2) / 5 + self.day - 1;
        let days = era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468;
        let [hour, minute, second] = self.time;
        ((days * 24 + hour) * 60 + minute) * 60 + second
    }
}
