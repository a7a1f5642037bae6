//! Non-disclosure agreements: offered, signed by both, in force, over; and what they open meanwhile.

use serde_json::{Value, json};

use crate::catalogue::colleague;
use crate::harness::{Answer, App, Client, Exchange, Member, PASSWORD, file, person, signatory, techex};
use crate::negotiations::Talk;
use crate::{on_both, rows};

const DAY: i64 = 86_400;

/// An agreement as a test holds it.
pub struct Paper {
    pub path: String,
    pub etag: String,
}

impl Paper {
    pub fn offered(talk: &Talk, by: &Client, valid_days: i64) -> Self {
        let new = json!({"template": "mutual_vi", "valid_days": valid_days});
        let answer = by.post(&format!("{}/ndas", talk.path), &new).expect(201);
        Self { path: answer.header("location").expect("a location").to_owned(), etag: answer.etag() }
    }

    pub fn step(&mut self, who: &Client, step: &str) -> Answer {
        let body = if step == "termination" { json!({"reason": "Đàm phán đã kết thúc."}) } else { json!({}) };
        let answer = who.post_at(&format!("{}/{step}", self.path), &self.etag, &body);
        if answer.status == 200 {
            self.etag = answer.etag();
        }
        answer
    }
}

/// A negotiation about a listing with a confidential part, between signatories; and the part's path.
fn talk(x: &Exchange) -> (Talk, String) {
    let talk = Talk::begin(x);
    signatory(x, &talk.owner);
    signatory(x, &talk.buyer);
    let part = format!("{}/confidential", talk.listing);
    let etag = talk.owner.get(&part).expect(200).etag();
    let sections = json!({"sections": [{"title": "Thông số", "text": "Tải trọng 12 g/m²·ngày."}]});
    talk.owner.patch(&part, &etag, &sections).expect(200);
    (talk, part)
}

fn views(owner: &Client, part: &str) -> Vec<Value> {
    owner.get(&format!("{part}/views")).expect(200).json()["items"].as_array().cloned().expect("a list")
}

/// Somebody signed in again, because days have passed.
fn again(x: &Exchange, member: &Member, app: &App) -> Client {
    let body = json!({"email": member.email, "password": PASSWORD, "code": app.code(x)});
    let token = x.visitor().post("/v1/sessions", &body).expect(201).text_at("/access_token");
    x.visitor().with_token(&token)
}

on_both! {
    fn both_sign_and_the_confidential_part_opens(x) {
        let (talk, part) = talk(x);
        talk.buyer.get(&part).expect(404).problem("not_found");
        let mut paper = Paper::offered(&talk, &talk.buyer, 30);
        let offered = talk.owner.get(&paper.path).expect(200);
        assert_eq!((offered.text_at("/status"), offered.text_at("/template")), ("offered".into(), "mutual_vi".into()));
        assert!(offered.text_at("/text").starts_with("THỎA THUẬN BẢO MẬT") && offered.json()["signatures"] == json!([]));
        assert_eq!(paper.step(&talk.buyer, "signature").expect(200).text_at("/status"), "signed_by_one");
        talk.buyer.get(&part).expect(404).problem("not_found");
        paper.step(&talk.buyer, "signature").expect(403).problem("other_side_only");
        let signed = paper.step(&talk.owner, "signature").expect(200);
        assert_eq!(signed.text_at("/status"), "in_force");
        assert_eq!(signed.text_at("/expires_at"), x.now().plus_days(30).to_string());
        assert_eq!(signed.json()["signatures"][0]["user_id"], json!(talk.buyer.user_id));
        assert_eq!(signed.json()["signatures"][1]["organization_id"], json!(talk.owner.organization_id));
        let clerk = colleague(x, &talk.buyer, "viewer");
        for who in [&talk.buyer.client, &clerk] {
            assert_eq!(who.get(&part).expect(200).json()["sections"][0]["title"], "Thông số");
        }
        let log = views(&talk.owner, &part);
        assert_eq!(log.len(), 2);
        assert_eq!((&log[0]["grant_id"], &log[0]["organization"]["id"]),
            (&signed.json()["grant_id"], &json!(talk.buyer.organization_id)));
        person(x).0.get(&part).expect(404).problem("not_found");
        assert_eq!(talk.kinds(&talk.buyer), ["opened", "nda_offered", "nda_signed", "nda_in_force"]);
        let events = talk.timeline(&talk.owner);
        assert_eq!((&events[3]["data"]["text_sha256"], &events[1]["data"]["text"]),
            (&json!(offered.text_at("/text_sha256")), &offered.json()["text"]));
        techex(x, &["verify", &file(x, "export.json", talk.export(&talk.owner))]).says("4 events");
        x.eventually("both are told", || {
            [&talk.owner, &talk.buyer].iter().all(|side| x.mails_to(&side.email).iter().any(|mail| mail.contains("có hiệu lực")))
        });
        let held = talk.buyer.get("/v1/me/export").expect(200).json()["data"]["nda_signatures"].clone();
        assert!(paper.path.ends_with(held[0]["nda_id"].as_str().unwrap_or("nothing")));
    }

    fn it_closes_when_the_agreement_is_ended(x) {
        let (talk, part) = talk(x);
        let mut paper = Paper::offered(&talk, &talk.owner, 30);
        paper.step(&talk.owner, "signature").expect(200);
        paper.step(&talk.buyer, "signature").expect(200);
        talk.buyer.get(&part).expect(200);
        let ended = paper.step(&talk.buyer, "termination").expect(200);
        assert_eq!((ended.text_at("/status"), ended.text_at("/ended_at")), ("terminated".into(), x.now().to_string()));
        talk.buyer.get(&part).expect(404).problem("not_found");
        assert_eq!(views(&talk.owner, &part).len(), 1);
        let last = talk.timeline(&talk.owner).pop().expect("an event");
        assert_eq!((&last["kind"], &last["data"]["reason"]), (&json!("nda_terminated"), &json!("Đàm phán đã kết thúc.")));
        for step in ["signature", "withdrawal", "termination"] {
            paper.step(&talk.owner, step).expect(409).problem("nda_wrong_state");
        }
        // Another one may follow.
        let mut other = Paper::offered(&talk, &talk.owner, 1);
        other.step(&talk.buyer, "signature").expect(200);
        other.step(&talk.owner, "signature").expect(200);
        talk.buyer.get(&part).expect(200);
        let recorded = rows::select(x.database_url(), "event", "audit_log WHERE event LIKE 'confidential_grant%' ORDER BY id");
        assert_eq!(recorded, ["confidential_grant.created", "confidential_grant.revoked", "confidential_grant.created"]);
    }

    fn it_ends_by_itself(x) {
        let talk = Talk::begin(x);
        let (owner, buyer) = (signatory(x, &talk.owner), signatory(x, &talk.buyer));
        let part = format!("{}/confidential", talk.listing);
        let mut paper = Paper::offered(&talk, &talk.owner, 2);
        paper.step(&talk.owner, "signature").expect(200);
        paper.step(&talk.buyer, "signature").expect(200);
        talk.buyer.get(&part).expect(200);
        x.clock.advance(2 * DAY - 60);
        x.run_jobs();
        again(x, &talk.buyer, &buyer).get(&part).expect(200);
        x.clock.advance(60);
        again(x, &talk.buyer, &buyer).get(&part).expect(404).problem("not_found");
        x.clock.advance(3_600);
        x.run_jobs();
        let owner = again(x, &talk.owner, &owner);
        assert_eq!(owner.get(&paper.path).expect(200).text_at("/status"), "expired");
        assert_eq!(talk.kinds(&owner).pop().as_deref(), Some("nda_expired"));
        let last = talk.timeline(&owner).pop().expect("an event");
        assert!(last.get("author").is_none() && last.get("organization_id").is_none(), "{last}");
    }

    fn signatories_sign_with_a_second_factor(x) {
        let talk = Talk::begin(x);
        let paper = Paper::offered(&talk, &talk.owner, 30);
        let sign = |who: &Client| who.post_at(&format!("{}/signature", paper.path), &paper.etag, &json!({}));
        sign(&talk.buyer).expect(403).problem("step_up_required");
        App::of(x, &talk.buyer, &talk.buyer.email);
        sign(&talk.buyer).expect(403).problem("signatory_required");
        crate::harness::may_sign(&talk.buyer);
        talk.buyer.post(&format!("{}/signature", paper.path), &json!({})).expect(428);
        sign(&talk.buyer).expect(200);
        sign(&talk.buyer).expect(412).problem("stale_version");
    }

    fn it_is_taken_back_before_both_have_signed(x) {
        let (talk, part) = talk(x);
        let mut paper = Paper::offered(&talk, &talk.owner, 30);
        let new = json!({"template": "mutual_en", "valid_days": 30});
        let ndas = format!("{}/ndas", talk.path);
        let refusal = talk.buyer.in_english().post(&ndas, &new).expect(409).problem("nda_wrong_state");
        assert!(refusal.text_at("/detail").contains("withdrawn, expired, terminated"), "{}", refusal.text);
        paper.step(&talk.owner, "signature").expect(200);
        colleague(x, &talk.buyer, "viewer").post_at(&format!("{}/withdrawal", paper.path), &paper.etag, &json!({}))
            .expect(403).problem("role_too_low");
        let gone = paper.step(&colleague(x, &talk.buyer, "editor"), "withdrawal").expect(200);
        assert_eq!(gone.text_at("/status"), "withdrawn");
        paper.step(&talk.buyer, "signature").expect(409).problem("nda_wrong_state");
        talk.buyer.get(&part).expect(404);
        let all = talk.owner.get(&ndas).expect(200).json();
        assert_eq!((all["items"].as_array().map(Vec::len), &all["items"][0]["status"]), (Some(1), &json!("withdrawn")));
        // In words of one's own.
        let own = "Hai bên giữ bí mật những gì bên kia cung cấp, chỉ dùng để đánh giá công nghệ, và trả lại khi được yêu cầu. ";
        let offered = talk.buyer.post(&ndas, &json!({"text": own, "valid_days": 30})).expect(201);
        assert_eq!((offered.text_at("/text"), offered.json().get("template")), (own.trim().to_owned(), None));
    }

    fn what_is_offered_is_checked(x) {
        let talk = Talk::begin(x);
        let ndas = format!("{}/ndas", talk.path);
        let refused = |body: &Value| talk.owner.post(&ndas, body).expect(422);
        refused(&json!({"valid_days": 0})).field("/template", "required").field("/valid_days", "out_of_range");
        refused(&json!({"template": "mutual_vi", "valid_days": 1826})).field("/valid_days", "out_of_range");
        refused(&json!({"template": "mine", "valid_days": 1})).field("/template", "no_such_template");
        refused(&json!({"text": "Giữ bí mật.", "valid_days": 1})).field("/text", "too_short");
        let both = json!({"text": "Giữ bí mật. ".repeat(20), "template": "mutual_vi", "valid_days": 1});
        refused(&both).field("/text", "not_allowed_here");
        let viewer = colleague(x, &talk.owner, "viewer");
        let new = json!({"template": "mutual_vi", "valid_days": 1});
        viewer.post(&ndas, &new).expect(403).problem("role_too_low");
        let templates = x.visitor().get("/v1/nda-templates").expect(200).json();
        assert_eq!((&templates["items"][0]["name"], &templates["items"][1]["name"]), (&json!("mutual_en"), &json!("mutual_vi")));
        let etag = talk.owner.get(&talk.path).expect(200).etag();
        talk.owner.post_at(&format!("{}/ending", talk.path), &etag, &json!({"reason": "Vì lý do."})).expect(200);
        talk.owner.post(&ndas, &new).expect(409).problem("negotiation_wrong_state");
    }

    fn outsiders_see_nothing(x) {
        let (talk, _) = talk(x);
        let paper = Paper::offered(&talk, &talk.owner, 30);
        let third = x.enterprise();
        signatory(x, &third);
        let broker = Member::of_verified(x, "intermediary");
        for who in [&person(x).0, &third.client, &colleague(x, &third, "viewer"), &broker.client, &x.officer()] {
            who.get(&paper.path).expect(404).problem("not_found");
            who.get(&format!("{}/ndas", talk.path)).expect(404).problem("not_found");
            let withdrawal = format!("{}/withdrawal", paper.path);
            who.post_at(&withdrawal, &paper.etag, &json!({})).expect(404).problem("not_found");
        }
        for step in ["signature", "termination"] {
            let body = json!({"reason": "Vì lý do."});
            third.post_at(&format!("{}/{step}", paper.path), &paper.etag, &body).expect(404).problem("not_found");
        }
        x.visitor().get(&paper.path).expect(401);
    }
}
