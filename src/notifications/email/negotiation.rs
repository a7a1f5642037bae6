//! The mail that tells the owners of an organisation what happened between it and another one.

use super::letter::Letter;
use super::mailer::{Mailer, describe};
use crate::accounts;
use crate::events::Delivery;
use crate::kernel::locale::Locale;
use crate::negotiation;

impl Mailer {
    /// Writes to every owner; where one mail fails, all are sent again.
    pub(super) fn tell_of_negotiation(&self, delivery: &Delivery) -> Result<(), String> {
        let read = self.database.read(|conn| {
            let Some(notice) = negotiation::notice(conn, &delivery.event, delivery.object_id.0)? else {
                return Ok(None);
            };
            let mut owners = Vec::new();
            for organization in &notice.organizations {
                owners.extend(accounts::owners_of(conn, *organization)?);
            }
            Ok(Some((notice, owners)))
        });
        let Some((notice, owners)) = read.map_err(describe)? else { return Ok(()) };
        owners.iter().try_for_each(|owner| {
            let Some(what) = happened(&delivery.event, owner.profile.locale) else { return Ok(()) };
            // What somebody wrote comes last, so that braces in it are not filled in.
            let args = [("what", what.to_owned()), ("path", notice.path.clone()), ("title", notice.title.clone())];
            self.send(owner, &owner.email, Letter::Negotiation, &args)
        })
    }
}

/// What happened, in a sentence.
fn happened(event: &str, locale: Locale) -> Option<&'static str> {
    let (vi, en) = match event {
        "approach.sent" => (
            "Một tổ chức vừa gửi thư bày tỏ quan tâm hoặc đề xuất tới tổ chức của bạn, về:",
            "An organisation has sent yours an expression of interest or a proposal, about:",
        ),
        "approach.acknowledged" => (
            "Bên nhận đã đọc thư của tổ chức bạn và sẽ trả lời, về:",
            "The other side has read what your organisation sent and will answer, about:",
        ),
        "approach.accepted" => (
            "Bên nhận đã đồng ý đàm phán với tổ chức của bạn, về:",
            "The other side has agreed to negotiate with your organisation, about:",
        ),
        "approach.declined" => (
            "Bên nhận đã từ chối thư của tổ chức bạn; lý do ở địa chỉ bên dưới, về:",
            "The other side has declined what your organisation sent; the reason is at the address below, about:",
        ),
        "approach.withdrawn" => (
            "Bên gửi đã rút thư gửi tới tổ chức của bạn, về:",
            "The other side has withdrawn what it sent to your organisation, about:",
        ),
        "approach.reminded" => (
            "Tổ chức của bạn chưa trả lời một thư và thời hạn sắp hết; im lặng sẽ được ghi nhận là kết quả, về:",
            "Your organisation has not answered and the time for it is about to end; silence will be the outcome, about:",
        ),
        "approach.expired" => (
            "Bên nhận không trả lời thư của tổ chức bạn trong thời hạn, về:",
            "The other side let the time for an answer to your organisation pass, about:",
        ),
        "negotiation.ended" => (
            "Một cuộc đàm phán của tổ chức bạn đã được chấm dứt; lý do ở địa chỉ bên dưới, về:",
            "A negotiation of your organisation was ended; the reason is at the address below, about:",
        ),
        "nda.offered" => (
            "Bên kia đề nghị ký thỏa thuận bảo mật với tổ chức của bạn, về:",
            "The other side offers your organisation a non-disclosure agreement, about:",
        ),
        "nda.signed" => (
            "Một bên đã ký thỏa thuận bảo mật, còn chờ chữ ký của bên kia, về:",
            "One side has signed the non-disclosure agreement; the other one's signature is missing, about:",
        ),
        "nda.in_force" => (
            "Thỏa thuận bảo mật đã đủ chữ ký và có hiệu lực, về:",
            "The non-disclosure agreement is signed by both sides and in force, about:",
        ),
        "nda.withdrawn" => (
            "Thỏa thuận bảo mật chưa ký xong đã được rút hoặc từ chối, về:",
            "The non-disclosure agreement was taken back or refused before both had signed, about:",
        ),
        "nda.terminated" => (
            "Thỏa thuận bảo mật đã bị chấm dứt trước hạn; lý do ở dòng thời gian của cuộc đàm phán, về:",
            "The non-disclosure agreement was ended before its time; the timeline says why, about:",
        ),
        "nda.expired" => ("Thỏa thuận bảo mật đã hết hạn, về:", "The non-disclosure agreement has expired, about:"),
        "offer.proposed" => (
            "Bên kia vừa đưa ra một đề nghị cho tổ chức của bạn, về:",
            "The other side has made your organisation an offer, about:",
        ),
        "offer.countered" => (
            "Bên kia đã trả lời đề nghị của tổ chức bạn bằng một đề nghị khác, về:",
            "The other side has answered your organisation's offer with one of its own, about:",
        ),
        "offer.accepted" => (
            "Một đề nghị đã được chấp nhận: hai bên đã thống nhất, về:",
            "An offer was accepted: the two sides have agreed, about:",
        ),
        "offer.rejected" => (
            "Bên kia đã từ chối đề nghị của tổ chức bạn; lý do ở địa chỉ bên dưới, về:",
            "The other side has refused your organisation's offer; the reason is at the address below, about:",
        ),
        "offer.withdrawn" => (
            "Bên kia đã rút đề nghị gửi tổ chức của bạn, về:",
            "The other side has taken back its offer to your organisation, about:",
        ),
        "offer.lapsed" => {
            ("Một đề nghị đã hết hạn mà chưa được trả lời, về:", "An offer has lapsed without an answer, about:")
        }
        _ => return None,
    };
    Some(match locale {
        Locale::Vi => vi,
        Locale::En => en,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_is_told_has_a_sentence_in_both_languages() {
        for event in negotiation::told() {
            let (vi, en) = (happened(event, Locale::Vi), happened(event, Locale::En));
            assert!(vi.is_some() && en.is_some() && vi != en, "{event}");
        }
    }
}
