//! Symbols of the International Patent Classification, written as the classification writes them: `C02F 1/28`.

use deserr::{Deserr, IntoValue, Value, ValuePointerRef};
use serde::{Deserialize, Serialize};

use crate::kernel::validate::{self, FieldCode, FieldErrors};

/// A section (`C`), a class (`C02`), a subclass (`C02F`) or a group (`C02F 1/28`).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Ipc(String);

impl Ipc {
    /// The symbol in its one form.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The subclass it is in, or what it is above that: as deep as the reference list goes.
    #[must_use]
    pub fn subclass(&self) -> &str {
        self.0.get(..4).unwrap_or(&self.0)
    }

    /// The symbol an entry of a patent record begins with; such entries go on with a version and classification data
    /// (`A23C 19/082 (2006.01)`, `G07F 11/70 20060101AFI`, WIPO ST.8), or stop in the middle (`B26D 1/`).
    #[must_use]
    pub fn of_record(entry: &str) -> Option<Self> {
        let subclass = entry.trim().get(..4)?;
        let rest = entry.trim().get(4..)?;
        let group = rest.split_whitespace().next().unwrap_or_default();
        format!("{subclass}{group}").parse().or_else(|()| subclass.parse()).ok()
    }

    /// The symbol and the ones above it: `C02F 1/28`, `C02F 1/00`, `C02F`, `C02`, `C`. Filtering by any of them finds it.
    #[must_use]
    pub fn with_ancestors(&self) -> Vec<String> {
        let levels = [1, 3, 4].into_iter().filter_map(|length| self.0.get(..length)).map(str::to_owned);
        let main = self.0.split_once('/').map(|(main, _)| format!("{main}/00"));
        let mut all: Vec<_> = levels.chain(main).collect();
        if !all.contains(&self.0) {
            all.push(self.0.clone());
        }
        all
    }
}

impl std::str::FromStr for Ipc {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let compact: String = text.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_uppercase()).collect();
        let bytes = compact.as_bytes();
        if matches!(bytes, [b'A'..=b'H']) {
            return Ok(Self(compact));
        }
        let (Some(b'A'..=b'H'), Some(b'0'..=b'9'), Some(b'0'..=b'9')) = (bytes.first(), bytes.get(1), bytes.get(2))
        else {
            return Err(());
        };
        let Some(subclass) = bytes.get(3) else { return Ok(Self(compact)) };
        let (Some(head), Some(group)) = (compact.get(..4), compact.get(4..)) else { return Err(()) };
        if !subclass.is_ascii_uppercase() {
            return Err(());
        }
        if group.is_empty() {
            return Ok(Self(compact));
        }
        let (main, sub) = group.split_once('/').ok_or(())?;
        let digits =
            |part: &str, most: usize| (1..=most).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
        if digits(main, 4) && digits(sub, 6) { Ok(Self(format!("{head} {main}/{sub}"))) } else { Err(()) }
    }
}

impl Deserr<FieldErrors> for Ipc {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        location: ValuePointerRef<'_>,
    ) -> Result<Self, FieldErrors> {
        let text = validate::text(value, location)?;
        text.parse().map_err(|()| {
            FieldErrors::one(location, FieldCode::InvalidFormat, [("expected", "C, C02, C02F, C02F 1/28".to_owned())])
        })
    }
}

impl utoipa::PartialSchema for Ipc {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .pattern(Some("^[A-H]([0-9]{2}([A-Z]( ?[0-9]{1,4}/[0-9]{1,6})?)?)?$"))
            .build()
            .into()
    }
}
impl utoipa::ToSchema for Ipc {}

#[cfg(test)]
mod tests {
    use super::Ipc;

    #[test]
    fn one_form_for_every_spelling() {
        for (text, form) in [
            ("c", Some("C")),
            ("C02", Some("C02")),
            ("c02f", Some("C02F")),
            ("C02F1/28", Some("C02F 1/28")),
            ("C12N 1/18", Some("C12N 1/18")),
            ("H04W 40 / 24", Some("H04W 40/24")),
            ("", None),
            ("Z", None),
            ("Z02F", None),
            ("C0", None),
            ("C02F1", None),
            ("C02F 1/", None),
            ("C021/2", None),
            ("C02F 1/2x", None),
            ("Ć02F", None),
        ] {
            assert_eq!(text.parse::<Ipc>().ok().map(|ipc| ipc.as_str().to_owned()).as_deref(), form, "{text}");
        }
    }

    #[test]
    fn records_begin_with_the_symbol() {
        for (entry, symbol) in [
            ("A23C 19/082 (2006.01)", Some("A23C 19/082")),
            ("G07F 11/70 20060101AFI20130702VHKR", Some("G07F 11/70")),
            ("B63B21/00", Some("B63B 21/00")),
            ("G07F 9/10 A", Some("G07F 9/10")),
            ("B26D 1/", Some("B26D")),
            ("B65D /", Some("B65D")),
            ("C02F", Some("C02F")),
            ("nothing", None),
            ("", None),
        ] {
            assert_eq!(Ipc::of_record(entry).map(|ipc| ipc.as_str().to_owned()).as_deref(), symbol, "{entry}");
        }
    }

    #[test]
    fn ancestors_are_found_by_filters() {
        let ipc: Ipc = "C02F1/28".parse().unwrap();
        assert_eq!(ipc.with_ancestors(), ["C", "C02", "C02F", "C02F 1/00", "C02F 1/28"]);
        let main: Ipc = "C02F 1/00".parse().unwrap();
        assert_eq!(main.with_ancestors(), ["C", "C02", "C02F", "C02F 1/00"]);
        let class: Ipc = "C02".parse().unwrap();
        assert_eq!(class.with_ancestors(), ["C", "C02"]);
    }
}
