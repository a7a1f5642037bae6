//! The files of listings and orders: who is told of them, who may have them, and when they can be changed.

mod store;

use super::confidential;
use super::item::{Item, wrong_state};
use super::lifecycle::Step;
use super::{Listing, Order};
use crate::db::{Conn, DbError, Failure};
use crate::events::Tx;
use crate::files::{Attachment, Disclosure, Door, Holder, Names, Shown, operations_of};
use crate::http::Operation;
use crate::kernel::access::{Actor, Reader, Role};
use crate::kernel::clock::At;
use crate::kernel::code::Code;
use crate::kernel::id::{ListingId, OrderId, OrganizationId};
use crate::kernel::problem::Problem;
use crate::kernel::validate::FieldCode;

/// The endpoints.
pub(super) fn operations() -> Vec<Operation> {
    operations_of::<Listing>().into_iter().chain(operations_of::<Order>()).collect()
}

/// Who may still have a file when it is downloaded.
#[must_use]
pub fn doors() -> Vec<Door> {
    vec![Door::of::<Listing>(), Door::of::<Order>()]
}

impl Holder for Listing {
    const HOLDER: &'static str = "listing";
    const OPERATIONS: Names = Names {
        list: ("/v1/listings/{id}/attachments", "listings_attachments_list"),
        create: ("/v1/listings/{id}/attachments", "listings_attachments_create"),
        show: ("/v1/listings/{id}/attachments/{attachment_id}", "listings_attachments_show"),
        remove: ("/v1/listings/{id}/attachments/{attachment_id}", "listings_attachments_remove"),
        link: ("/v1/listings/{id}/attachments/{attachment_id}/link", "listings_attachments_link"),
    };
    const PROBLEMS: &'static [Code] = &[Code::ListingWrongState];
    type Id = ListingId;

    fn told(conn: &mut Conn, reader: &Reader, id: ListingId) -> Result<Vec<Disclosure>, Failure> {
        told::<Self>(conn, reader, id)
    }

    fn admit(conn: &mut Conn, reader: &Reader, id: ListingId, disclosure: Disclosure, now: At) -> Result<(), Failure> {
        match (disclosure, &reader.0) {
            (Disclosure::Confidential, Some(actor)) => confidential::admit(conn, actor, id, now),
            _ => admit::<Self>(conn, reader, id, disclosure),
        }
    }

    fn keep(conn: &mut Conn, actor: &Actor, id: ListingId, disclosure: Disclosure) -> Result<OrganizationId, Failure> {
        keep::<Self>(conn, actor, id, disclosure)
    }

    fn hand_out(
        tx: &mut Tx<'_>,
        actor: &Actor,
        id: ListingId,
        file: &Attachment,
        reason: Option<&str>,
    ) -> Result<(), Failure> {
        confidential::hand_out(tx, actor, id, file, reason)
    }

    fn note(conn: &mut Conn, id: ListingId, shown: &Shown) -> Result<(), DbError> {
        store::note_listing(conn, id, shown)
    }
}

impl Holder for Order {
    const HOLDER: &'static str = "order";
    const OPERATIONS: Names = Names {
        list: ("/v1/orders/{id}/attachments", "orders_attachments_list"),
        create: ("/v1/orders/{id}/attachments", "orders_attachments_create"),
        show: ("/v1/orders/{id}/attachments/{attachment_id}", "orders_attachments_show"),
        remove: ("/v1/orders/{id}/attachments/{attachment_id}", "orders_attachments_remove"),
        link: ("/v1/orders/{id}/attachments/{attachment_id}/link", "orders_attachments_link"),
    };
    const PROBLEMS: &'static [Code] = &[Code::OrderWrongState];
    type Id = OrderId;

    fn told(conn: &mut Conn, reader: &Reader, id: OrderId) -> Result<Vec<Disclosure>, Failure> {
        told::<Self>(conn, reader, id)
    }

    fn admit(conn: &mut Conn, reader: &Reader, id: OrderId, disclosure: Disclosure, _: At) -> Result<(), Failure> {
        admit::<Self>(conn, reader, id, disclosure)
    }

    /// An order has no confidential part.
    fn keep(conn: &mut Conn, actor: &Actor, id: OrderId, disclosure: Disclosure) -> Result<OrganizationId, Failure> {
        let organization = keep::<Self>(conn, actor, id, disclosure)?;
        match disclosure {
            Disclosure::Confidential => Err(Problem::field("/disclosure", FieldCode::NotAllowedHere).into()),
            Disclosure::Public | Disclosure::Registered => Ok(organization),
        }
    }

    fn hand_out(_: &mut Tx<'_>, _: &Actor, _: OrderId, _: &Attachment, _: Option<&str>) -> Result<(), Failure> {
        Ok(())
    }

    fn note(conn: &mut Conn, id: OrderId, shown: &Shown) -> Result<(), DbError> {
        store::note_order(conn, id, shown)
    }
}

fn told<I: Item>(conn: &mut Conn, reader: &Reader, id: I::Id) -> Result<Vec<Disclosure>, Failure> {
    let found = I::find_for(conn, reader, id)?.ok_or(Code::NotFound)?;
    Ok(match &reader.0 {
        None => vec![Disclosure::Public],
        Some(actor) if actor.role_in(found.item.organization_id()).is_some() => Disclosure::ALL.to_vec(),
        Some(_) => vec![Disclosure::Public, Disclosure::Registered],
    })
}

fn admit<I: Item>(conn: &mut Conn, reader: &Reader, id: I::Id, disclosure: Disclosure) -> Result<(), Failure> {
    if told::<I>(conn, reader, id)?.contains(&disclosure) { Ok(()) } else { Err(Code::NotFound.into()) }
}

/// Files that are not confidential belong to what officers look at, so they change with the content; confidential ones
/// change like the confidential part: at any time, by people.
fn keep<I: Item>(conn: &mut Conn, actor: &Actor, id: I::Id, disclosure: Disclosure) -> Result<OrganizationId, Failure> {
    let found = I::find_for(conn, &Reader::from(actor), id)?.ok_or(Code::NotFound)?;
    let organization = found.item.organization_id();
    if actor.role_in(organization) < Some(Role::Editor) {
        return Err(Problem::new(Code::RoleTooLow).with("role", Role::Editor).into());
    }
    match disclosure {
        Disclosure::Confidential => {
            actor.session()?;
        }
        Disclosure::Public | Disclosure::Registered => {
            let state = found.item.state();
            Step::Change.lead(state.status).map_err(|allowed| wrong_state::<I>(state, allowed))?;
        }
    }
    Ok(organization)
}
