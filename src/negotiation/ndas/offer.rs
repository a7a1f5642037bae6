//! Offering a non-disclosure agreement.

use serde_json::json;

use super::super::machine::Life;
use super::super::rooms::{self, EventKind};
use super::life::NdaStatus;
use super::nda::{Nda, NewNda};
use super::view::NdaView;
use super::{TAG, store};
use crate::db::{Conn, Failure};
use crate::events::{Change, Tx};
use crate::http::{Answer, Body, Call, Operation, Path, Reply, SignedIn};
use crate::kernel::access::{Actor, Role};
use crate::kernel::clock::{At, Day};
use crate::kernel::code::Code;
use crate::kernel::digest::sha256_hex;
use crate::kernel::id::NegotiationId;
use crate::kernel::problem::Problem;
use crate::kernel::validate::FieldCode;

pub(super) fn operation() -> Operation {
    let about = "With the text of a template, in its version in effect today, or a text of one's own. A negotiation has one that is \
                 not over at a time. Nothing is signed by offering it. Editors and owners of the two organisations may offer \
                 while the negotiation goes on.";
    Operation::post("/v1/negotiations/{id}/ndas", "ndas_offer", offer)
        .about(TAG, "Offer a non-disclosure agreement", format!("{about}\n\n{}", NdaStatus::table()))
        .answers::<NdaView>(201, "The agreement, offered.")
        .problems(&[Code::RoleTooLow, Code::NegotiationWrongState, Code::NdaWrongState, Code::OrganizationDeactivated])
}

async fn offer(call: Call<SignedIn>, Path((id,)): Path<(NegotiationId,)>, Body(new): Body<NewNda>) -> Answer {
    call.write(move |tx, actor| propose(tx, actor, id, &new)).await
}

fn propose(tx: &mut Tx<'_>, actor: &Actor, id: NegotiationId, new: &NewNda) -> Result<Reply, Failure> {
    let mut room = rooms::find_for(tx.conn, &actor.organizations(), id)?.ok_or(Code::NotFound)?;
    let side = rooms::acting_side(tx.conn, &room, actor, Role::Editor)?;
    room.require_open()?;
    if let Some(live) = store::live(tx.conn, id)? {
        let over = [NdaStatus::Withdrawn, NdaStatus::Expired, NdaStatus::Terminated];
        return Err(live.status.refusal(&over).into());
    }
    let (text, template) = text_of(tx.conn, new, tx.now)?;
    let nda = Nda {
        id: tx.id(),
        negotiation_id: id,
        offered_by: side,
        status: NdaStatus::Offered,
        template: template.as_ref().map(|(name, _)| name.clone()),
        template_version: template.map(|(_, version)| version),
        text_sha256: sha256_hex(text.as_bytes()),
        text,
        valid_days: new.valid_days,
        first_side: None,
        first_signatory: None,
        first_signed_at: None,
        second_signatory: None,
        in_force_at: None,
        expires_at: None,
        ended_at: None,
        grant_id: None,
        version: 1,
        created_at: tx.now,
        updated_at: tx.now,
    };
    let data = json!({
        "nda_id": nda.id, "text": nda.text, "text_sha256": nda.text_sha256, "valid_days": nda.valid_days,
        "template": nda.template, "template_version": nda.template_version,
    });
    // The timeline first: of two that come at once, one waits for the other there.
    rooms::append(tx, &mut room, EventKind::NdaOffered, Some(side), data)?;
    store::insert(tx.conn, &nda)?;
    let change = Change::new("nda.offered", nda.id.0, 1).of(side);
    tx.record(&change.field("negotiation_id", (), id).field("text_sha256", (), &nda.text_sha256))?;
    let location = format!("/v1/ndas/{}", nda.id);
    Ok(Reply::created(location, &NdaView::new(nda, room.sides()))?.version(1))
}

/// What is offered, with name and version of the template it is taken from.
fn text_of(conn: &mut Conn, new: &NewNda, now: At) -> Result<(String, Option<(String, i32)>), Failure> {
    if let Some(text) = &new.text {
        return Ok((text.to_string(), None));
    }
    let wanted = new.template.as_ref().map(|name| name.as_str());
    let all = store::templates(conn, Day::in_vietnam(now))?;
    let found = all.into_iter().find(|template| Some(template.name.as_str()) == wanted);
    let found = found.ok_or_else(|| Problem::field("/template", FieldCode::NoSuchTemplate))?;
    Ok((found.text, Some((found.name, found.version))))
}
