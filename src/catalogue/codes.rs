//! Codes of countries, offices and economic activities, each in its one form.

use deserr::{Deserr, IntoValue, Value, ValuePointerRef};
use serde::{Deserialize, Serialize};

use crate::kernel::validate::{self, FieldCode, FieldErrors};

/// Countries and territories (ISO 3166-1 alpha-2, as the time zone database lists them).
const COUNTRIES: &str = "\
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY \
    BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK \
    FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR \
    IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK \
    ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM \
    PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF \
    TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW";

/// Offices that are no country's (WIPO ST.3): European, Eurasian, the two African ones, the European Union's, that of the Gulf
/// states, and the international bureau.
const OFFICES: &str = "EP EA AP OA EM GC WO";

/// Declares a code kept and shown as text, with the one form of each spelling and the expectation told to who breaks it.
macro_rules! code_type { ($(#[$meta:meta])* $name:ident, $expected:literal, $pattern:literal, $canonical:expr) => {
    $(#[$meta])*
    #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
    #[serde(transparent)]
    pub struct $name(String);

    impl $name {
        /// The code in its one form.
        #[must_use]
        pub fn as_str(&self) -> &str {
            &self.0
        }
    }

    impl std::str::FromStr for $name {
        type Err = ();
        fn from_str(text: &str) -> Result<Self, ()> {
            let canonical: fn(&str) -> Option<String> = $canonical;
            canonical(text.trim()).map(Self).ok_or(())
        }
    }

    impl Deserr<FieldErrors> for $name {
        fn deserialize_from_value<V: IntoValue>(
            value: Value<V>,
            location: ValuePointerRef<'_>,
        ) -> Result<Self, FieldErrors> {
            let text = validate::text(value, location)?;
            let expected = [("expected", $expected.to_owned())];
            text.parse().map_err(|()| FieldErrors::one(location, FieldCode::InvalidFormat, expected))
        }
    }

    impl utoipa::PartialSchema for $name {
        fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
            utoipa::openapi::ObjectBuilder::new()
                .schema_type(utoipa::openapi::schema::Type::String)
                .pattern(Some($pattern))
                .build()
                .into()
        }
    }
    impl utoipa::ToSchema for $name {}
} }

code_type! {
    /// A country or territory (ISO 3166-1 alpha-2), such as `VN`.
    Country, "VN, JP, … (ISO 3166-1 alpha-2)", "^[A-Za-z]{2}$",
    |text| one_of(text, &[COUNTRIES])
}
code_type! {
    /// Where a right holds: a country, or an office that grants for several (WIPO ST.3), such as `EP`.
    Office, "VN, JP, EP, WO, … (WIPO ST.3)", "^[A-Za-z]{2}$",
    |text| one_of(text, &[COUNTRIES, OFFICES])
}
code_type! {
    /// An activity of the Vietnam Standard Industrial Classification: a section (`C`) or 2 to 5 digits (`20140`).
    Vsic, "C, 20, 201, 2014, 20140", "^([A-Va-v]|[0-9]{2,5})$",
    |text| section(text).or_else(|| ((2..=5).contains(&text.len()) && digits(text)).then(|| text.to_owned()))
}
code_type! {
    /// An activity of the European classification NACE: a section (`C`), a division (`20`), a group (`20.1`) or a class
    /// (`20.14`); the letter before a number is left out.
    Nace, "C, 20, 20.1, 20.14", "^([A-Va-v]|[A-Va-v]?[0-9]{2}([.][0-9]{1,2})?)$",
    |text| section(text).or_else(|| nace(text))
}

impl Vsic {
    /// The code and the ones above it, as far as the digits tell: `2014`, `201`, `20`.
    #[must_use]
    pub fn with_ancestors(&self) -> Vec<String> {
        (1..=self.0.len())
            .filter_map(|length| self.0.get(..length))
            .filter(|code| code.parse::<Self>().is_ok())
            .map(str::to_owned)
            .collect()
    }
}

impl Nace {
    /// The code and the ones above it, as far as the digits tell: `20.14`, `20.1`, `20`.
    #[must_use]
    pub fn with_ancestors(&self) -> Vec<String> {
        let beginnings = (1..=self.0.len()).filter_map(|length| self.0.get(..length));
        beginnings.filter(|code| code.parse::<Self>().is_ok_and(|one| one.0 == *code)).map(str::to_owned).collect()
    }
}

/// A sustainable development goal of the United Nations, 1 to 17.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Sdg(u8);

impl Sdg {
    /// The number of the goal.
    #[must_use]
    pub fn get(self) -> u8 {
        self.0
    }
}

impl std::str::FromStr for Sdg {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        text.parse().ok().filter(|goal| (1..=17).contains(goal)).map(Self).ok_or(())
    }
}

impl Deserr<FieldErrors> for Sdg {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        location: ValuePointerRef<'_>,
    ) -> Result<Self, FieldErrors> {
        let goal = <i64 as Deserr<FieldErrors>>::deserialize_from_value(value, location)?;
        let range = [("min", "1".to_owned()), ("max", "17".to_owned())];
        goal.to_string().parse().map_err(|()| FieldErrors::one(location, FieldCode::OutOfRange, range))
    }
}

impl utoipa::PartialSchema for Sdg {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::Integer)
            .minimum(Some(1))
            .maximum(Some(17))
            .build()
            .into()
    }
}
impl utoipa::ToSchema for Sdg {}

fn one_of(text: &str, lists: &[&str]) -> Option<String> {
    let code = text.to_ascii_uppercase();
    lists.iter().any(|list| list.split(' ').any(|known| known == code)).then_some(code)
}

fn section(text: &str) -> Option<String> {
    matches!(text.as_bytes(), [b'A'..=b'V' | b'a'..=b'v']).then(|| text.to_ascii_uppercase())
}

fn nace(text: &str) -> Option<String> {
    let number = text.strip_prefix(|c: char| c.is_ascii_alphabetic() && section(c.encode_utf8(&mut [0; 4])).is_some());
    let number = number.unwrap_or(text);
    let (division, rest) = number.split_once('.').map_or((number, None), |(division, rest)| (division, Some(rest)));
    let sound = division.len() == 2
        && digits(division)
        && rest.is_none_or(|rest| (1..=2).contains(&rest.len()) && digits(rest));
    sound.then(|| number.to_owned())
}

fn digits(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_form_for_every_spelling() {
        let country = |text: &str| text.parse::<Country>().ok().map(|code| code.0);
        let office = |text: &str| text.parse::<Office>().ok().map(|code| code.0);
        let vsic = |text: &str| text.parse::<Vsic>().ok().map(|code| code.0);
        let nace = |text: &str| text.parse::<Nace>().ok().map(|code| code.0);
        for (found, expected) in [
            (country("VN"), Some("VN")),
            (country(" vn"), Some("VN")),
            (country("XX"), None),
            (country("EP"), None),
            (country("V N"), None),
            (country("VNM"), None),
            (country(""), None),
            (office("ep"), Some("EP")),
            (office("VN"), Some("VN")),
            (office("XX"), None),
            (vsic("c"), Some("C")),
            (vsic("20140"), Some("20140")),
            (vsic("2"), None),
            (vsic("201400"), None),
            (vsic("20.14"), None),
            (vsic("W"), None),
            (nace("C20.14"), Some("20.14")),
            (nace("20.1"), Some("20.1")),
            (nace("20"), Some("20")),
            (nace("c"), Some("C")),
            (nace("20."), None),
            (nace("201"), None),
            (nace("20.145"), None),
            (nace("CC20"), None),
        ] {
            assert_eq!(found.as_deref(), expected);
        }
    }

    #[test]
    fn what_lies_above() {
        assert_eq!("20140".parse::<Vsic>().unwrap().with_ancestors(), ["20", "201", "2014", "20140"]);
        assert_eq!("C".parse::<Vsic>().unwrap().with_ancestors(), ["C"]);
        assert_eq!("C20.14".parse::<Nace>().unwrap().with_ancestors(), ["20", "20.1", "20.14"]);
        assert_eq!("C".parse::<Nace>().unwrap().with_ancestors(), ["C"]);
    }
}
