//! Making an API key.

use deserr::Deserr;
use serde::Serialize;
use utoipa::ToSchema;

use super::super::{organizations, users};
use super::key::{ApiKey, KeyName, KeyRole, KeySecret, LONGEST_DAYS};
use super::store;
use super::view::{ApiKeyView, NewApiKeyView};
use crate::db::Failure;
use crate::events::{Change, Tx};
use crate::http::{Answer, Body, Call, Operation, Path, Reply, Sample, SteppedUp};
use crate::kernel::access::{Actor, OrganizationKind, Role};
use crate::kernel::code::Code;
use crate::kernel::id::OrganizationId;
use crate::kernel::problem::Problem;
use crate::kernel::validate::{FieldCode, FieldError, FieldErrors};

pub(super) fn operation() -> Operation {
    Operation::post("/v1/organizations/{id}/api-keys", "api_keys_create", create)
        .about(
            "API keys",
            "Make an API key",
            "By an owner. The key goes where an access token goes, `Authorization: Bearer techex_…`, and acts for this one \
             organisation with the role given. What belongs to a person, such as `/v1/me`, it may not do, nor what takes an owner \
             or a second factor. It works until it expires (a year at the most) or is revoked; it is revoked when the person who made \
             it is no owner any more, and does not work while that account is suspended or the organisation deactivated. An \
             authority has no keys; an organisation has 20 at the most.",
        )
        .answers::<NewApiKeyView>(201, "The key; its secret is shown this once.")
        .secret_answer()
        .problems(&[Code::RoleTooLow, Code::ApiKeysRefused])
}

/// Keys of an organisation that work at a time.
const MOST: i64 = 20;

/// A key to be made.
#[derive(Debug, Serialize, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
pub(super) struct NewApiKey {
    /// What it is for.
    name: KeyName,
    /// What it may do.
    role: KeyRole,
    /// Days until it ends by itself.
    #[schema(minimum = 1, maximum = 366)]
    valid_days: u32,
}

impl Sample for NewApiKey {
    fn sample() -> Self {
        Self {
            name: KeyName::literal("Đồng bộ với kho công nghệ của viện"), role: KeyRole::Editor, valid_days: 90
        }
    }
}

async fn create(call: Call<SteppedUp>, Path((id,)): Path<(OrganizationId,)>, Body(wanted): Body<NewApiKey>) -> Answer {
    let secret = KeySecret::random().map_err(|error| {
        tracing::error!(%error, "the operating system gives no randomness");
        Problem::new(Code::InternalError)
    })?;
    call.write(move |tx, actor| make(tx, actor, id, &wanted, &secret)).await
}

fn make(
    tx: &mut Tx<'_>,
    actor: &Actor,
    organization_id: OrganizationId,
    wanted: &NewApiKey,
    secret: &KeySecret,
) -> Result<Reply, Failure> {
    let now = tx.now;
    actor.require(Role::Owner, organization_id)?;
    let organization = organizations::find(tx.conn, organization_id)?.ok_or(Code::NotFound)?;
    let full = store::count_live(tx.conn, organization_id, now)? >= MOST;
    if full || organization.content.kind == OrganizationKind::Authority {
        return Err(Problem::new(Code::ApiKeysRefused).with("max", MOST).into());
    }
    let key = ApiKey {
        id: tx.id(),
        organization_id,
        name: wanted.name.clone(),
        role: wanted.role,
        prefix: secret.prefix(),
        key_hash: secret.hash(),
        created_by: actor.user_id,
        created_at: now,
        expires_at: now.plus_days(lasting(wanted.valid_days)?),
        last_used_at: None,
        revoked_at: None,
    };
    store::insert(tx.conn, &key)?;
    let maker = users::find(tx.conn, actor.user_id)?.ok_or(Code::InvalidToken)?;
    let view = ApiKeyView::from((key, maker.profile.full_name.into()));
    tx.record(&Change::new("api_key.created", view.id.0, 1).of(organization_id).between(None, &view))?;
    let location = format!("/v1/organizations/{organization_id}/api-keys/{}", view.id);
    Ok(Reply::created(location, &NewApiKeyView::new(secret, view))?)
}

/// The days a key may last, from one to a year.
fn lasting(days: u32) -> Result<i64, FieldErrors> {
    let days = i64::from(days);
    if (1..=LONGEST_DAYS).contains(&days) {
        return Ok(days);
    }
    let args = vec![("min", "1".to_owned()), ("max", LONGEST_DAYS.to_string())];
    Err(FieldErrors(vec![FieldError { pointer: "/valid_days".into(), code: FieldCode::OutOfRange, args }]))
}
