//! The authenticator app of a person, for what takes a second factor.

use serde_json::json;

use super::answer::Answer;
use super::exchange::Exchange;
use super::people::{Client, Member, OFFICER_PASSWORD, PASSWORD};

/// The app of a person who has turned the second factor on.
pub struct App {
    pub secret: String,
    pub email: String,
    pub recovery: Vec<String>,
}

impl App {
    /// Turns the second factor on; the session is stepped up for five minutes then.
    pub fn of(x: &Exchange, client: &Client, email: &str) -> Self {
        let secret = prepare(client).expect(201).text_at("/secret");
        let mut app = Self { secret, email: email.to_owned(), recovery: Vec::new() };
        let codes = confirm(client, &app.code(x)).expect(200).json()["recovery_codes"].clone();
        app.recovery = serde_json::from_value(codes).expect("codes");
        app
    }

    /// The code the app shows.
    pub fn code(&self, x: &Exchange) -> String {
        self.code_at(x.now().seconds())
    }

    /// The code it shows at another time.
    pub fn code_at(&self, seconds: i64) -> String {
        let secret = totp_rs::Secret::try_from_base32(&self.secret).expect("base32");
        let totp = totp_rs::Builder::new().with_secret(secret).build().expect("a secret");
        totp.generate(u64::try_from(seconds).expect("a time")).to_string()
    }

    /// The code that comes next, which nobody has used.
    pub fn next_code(&self, x: &Exchange) -> String {
        x.clock.advance(30);
        self.code(x)
    }

    /// Six digits that are none of the codes that hold.
    pub fn wrong_code(&self, x: &Exchange) -> String {
        let now = x.now().seconds();
        let holding = [now - 30, now, now + 30].map(|seconds| self.code_at(seconds));
        let mut all = (0..1_000_000).map(|number| format!("{number:06}"));
        all.find(|code| !holding.contains(code)).expect("a code")
    }

    /// Signs in with the usual password.
    pub fn login(&self, x: &Exchange, code: Option<&str>) -> Answer {
        let mut body = json!({"email": self.email, "password": PASSWORD});
        if let Some(code) = code {
            body["code"] = json!(code);
        }
        x.visitor().post("/v1/sessions", &body)
    }
}

/// Turns a member's second factor on, which steps the session up, and gives the right to sign.
pub fn signatory(x: &Exchange, member: &Member) -> App {
    let app = App::of(x, member, &member.email);
    may_sign(member);
    app
}

/// Gives an owner, whose session is stepped up, the right to sign.
pub fn may_sign(member: &Member) {
    let path = format!("/v1/organizations/{}/members/{}", member.organization_id, member.user_id);
    let etag = member.get(&path).expect(200).etag();
    member.post_at(&format!("{path}/signatory"), &etag, &json!({"basis": "legal_representative"})).expect(200);
}

/// Asks for a secret.
pub fn prepare(client: &Client) -> Answer {
    client.post("/v1/me/second-factor", &json!({"password": PASSWORD}))
}

/// Sends the first code.
pub fn confirm(client: &Client, code: &str) -> Answer {
    client.post("/v1/me/second-factor/confirmation", &json!({"code": code}))
}

/// The officer of the exchange in a session of its own, which is stepped up.
pub fn stepped_up_officer(x: &Exchange) -> Client {
    let officer = super::people::officer(x);
    let secret = officer.post("/v1/me/second-factor", &json!({"password": OFFICER_PASSWORD})).expect(201);
    let app = App { secret: secret.text_at("/secret"), email: "officer@example.com".into(), recovery: Vec::new() };
    confirm(&officer, &app.code(x)).expect(200);
    officer
}
