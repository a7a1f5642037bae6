//! Everything the exchange holds about a person, for the person (data portability and the right to access).

use actix_web::web::Data;
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::personal_data::PersonalDataParts;
use super::view::UserView;
use crate::http::{Answer, Call, Operation, Rate, Reply, Sample, SignedIn};
use crate::kernel::clock::At;

pub(super) fn operation() -> Operation {
    Operation::get("/v1/me/export", "users_export", export)
        .about(
            "Accounts",
            "Export your data",
            "Everything the exchange holds about you in one JSON document: the account, memberships with the right to sign, the \
             second factor without its secret, sessions of the last 30 days, API keys you made, invitations to your address, \
             searches you keep, which approaches between organisations you sent or answered, up to where you have read negotiations, which agreements you signed, which offers you made or answered, and of the audit log the latest 10,000 entries that you caused and the latest 10,000 about you. \
             What you wrote for an organisation belongs to the organisation and is read there.",
        )
        .answers::<AccountExport>(200, "Your data.")
        .rate(Rate::Credential)
}

/// Everything about a person.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AccountExport {
    /// When the data were read.
    exported_at: At,
    /// The parts by name, each as the operation that shows it gives it.
    #[schema(value_type = Object)]
    data: Map<String, Value>,
}

impl Sample for AccountExport {
    fn sample() -> Self {
        let account = serde_json::to_value(UserView::sample()).unwrap_or_default();
        Self { exported_at: At::sample(), data: Map::from_iter([("account".to_owned(), account)]) }
    }
}

async fn export(call: Call<SignedIn>, parts: Data<PersonalDataParts>) -> Answer {
    let exported_at = call.app().clock.now();
    let data = call
        .read(move |conn, actor| {
            let mut data = Map::new();
            for part in &parts.0 {
                data.insert(part.name.to_owned(), (part.read)(conn, actor.user_id)?);
            }
            Ok(data)
        })
        .await?;
    Ok(Reply::ok(&AccountExport { exported_at, data })?.content_tagged())
}
