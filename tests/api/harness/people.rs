//! The people of the tests.

use serde_json::{Value, json};
use std::net::SocketAddr;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering};
use techex::accounts::{NewOfficer, NewUser, Password, PasswordHash};
use techex::events::{Origin, Tx};
use techex::kernel::locale::Locale;

use super::answer::Answer;
use super::exchange::Exchange;

pub const PASSWORD: &str = "mua-thu-ha-noi-2026";
pub const OFFICER_PASSWORD: &str = "mot-cum-tu-dai-cua-can-bo";

/// Somebody who calls the API.
#[derive(Clone)]
pub struct Client {
    address: SocketAddr,
    pub token: Option<String>,
    headers: Vec<(String, String)>,
}

impl Client {
    pub fn new(address: SocketAddr) -> Self {
        Self { address, token: None, headers: Vec::new() }
    }

    pub fn with_token(&self, token: &str) -> Self {
        Self { token: Some(token.to_owned()), ..self.clone() }
    }

    /// The same client with one more header.
    pub fn with(&self, name: &str, value: &str) -> Self {
        let mut client = self.clone();
        client.headers.push((name.to_owned(), value.to_owned()));
        client
    }

    /// In English.
    pub fn in_english(&self) -> Self {
        self.with("accept-language", "en")
    }

    /// Sends bytes as they are.
    #[must_use]
    pub fn send(&self, method: &str, path: &str, content_type: Option<&str>, body: &[u8]) -> Answer {
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .allow_non_standard_methods(true)
            .build()
            .into();
        let mut request = ureq::http::Request::builder().method(method).uri(format!("http://{}{path}", self.address));
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        if let Some(token) = &self.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        if let Some(content_type) = content_type {
            request = request.header("content-type", content_type);
        }
        let answer = match content_type {
            Some(_) => agent.run(request.body(body.to_vec()).expect("a request")),
            None => agent.run(request.body(()).expect("a request")),
        };
        let mut response = answer.expect("an answer");
        let headers = response
            .headers()
            .iter()
            .map(|(name, value)| (name.to_string(), value.to_str().unwrap_or_default().to_owned()));
        Answer {
            method: method.to_owned(),
            path: path.to_owned(),
            status: response.status().as_u16(),
            headers: headers.collect(),
            text: response.body_mut().read_to_string().expect("text"),
        }
        .documented()
    }

    #[must_use]
    pub fn get(&self, path: &str) -> Answer {
        self.send("GET", path, None, b"")
    }

    #[must_use]
    pub fn post(&self, path: &str, body: &Value) -> Answer {
        self.send("POST", path, Some("application/json"), body.to_string().as_bytes())
    }

    /// The same as often as the server asks to try again, because too many write to one thing at once.
    pub fn insist(&self, mut request: impl FnMut(&Self) -> Answer) -> Answer {
        loop {
            let answer = request(self);
            if answer.status != 503 {
                return answer;
            }
        }
    }

    /// A POST of something at a version.
    #[must_use]
    pub fn post_at(&self, path: &str, etag: &str, body: &Value) -> Answer {
        self.with("if-match", etag).post(path, body)
    }

    #[must_use]
    pub fn patch(&self, path: &str, etag: &str, body: &Value) -> Answer {
        self.with("if-match", etag).send(
            "PATCH",
            path,
            Some("application/merge-patch+json"),
            body.to_string().as_bytes(),
        )
    }

    #[must_use]
    pub fn delete(&self, path: &str) -> Answer {
        self.send("DELETE", path, None, b"")
    }

    /// Signs in.
    pub fn sign_in(&self, email: &str, password: &str) -> Self {
        let answer = self.post("/v1/sessions", &json!({"email": email, "password": password})).expect(201);
        self.with_token(&answer.text_at("/access_token"))
    }
}

/// Numbers that make addresses and tax codes of one process differ.
static NUMBER: AtomicU32 = AtomicU32::new(1);

pub fn number() -> u32 {
    NUMBER.fetch_add(1, Ordering::Relaxed)
}

/// A tax code with the right check digit.
pub fn tax_code() -> String {
    loop {
        let digits: Vec<u32> =
            format!("{:09}", 10_000_000 + number() * 37).chars().filter_map(|c| c.to_digit(10)).collect();
        let sum: u32 = digits.iter().zip([31, 29, 23, 19, 17, 13, 7, 5, 3]).map(|(d, w)| d * w).sum();
        let check = 10 - i64::from(sum % 11);
        if (0..=9).contains(&check) {
            return digits.iter().map(ToString::to_string).chain([check.to_string()]).collect();
        }
    }
}

/// A member of an organisation.
pub struct Member {
    pub client: Client,
    pub email: String,
    pub user_id: String,
    pub organization_id: String,
}

impl std::ops::Deref for Member {
    type Target = Client;
    fn deref(&self) -> &Client {
        &self.client
    }
}

impl Member {
    /// The owner of a new, verified organisation.
    pub fn of_verified(x: &Exchange, kind: &str) -> Self {
        let member = Self::of_unverified(x, kind);
        let path = format!("/v1/organizations/{}/verification", member.organization_id);
        let body = json!({"decision": "verified", "method": "business_register", "evidence": "Tra cứu cổng đăng ký doanh nghiệp."});
        let officer = x.officer();
        let etag = officer.get(&format!("/v1/organizations/{}", member.organization_id)).expect(200).etag();
        officer.post_at(&path, &etag, &body).expect(201);
        member
    }

    /// The owner of a new organisation that nobody has verified.
    pub fn of_unverified(x: &Exchange, kind: &str) -> Self {
        let (client, email, user_id) = person(x);
        let body =
            json!({"kind": kind, "name": format!("Tổ chức {}", number()), "tax_code": tax_code(), "province": "01"});
        let organization_id = client.post("/v1/organizations", &body).expect(201).id();
        Self { client, email, user_id, organization_id }
    }

    pub fn listings(&self) -> String {
        format!("/v1/organizations/{}/listings", self.organization_id)
    }

    pub fn orders(&self) -> String {
        format!("/v1/organizations/{}/orders", self.organization_id)
    }

    /// A complete draft listing; its path and ETag.
    pub fn draft_listing(&self, title: &str) -> (String, String) {
        let answer = self.post(&self.listings(), &listing(title)).expect(201);
        (format!("/v1/listings/{}", answer.id()), answer.etag())
    }

    /// A published listing; its path.
    pub fn publish_listing(&self, x: &Exchange, content: &Value) -> String {
        let answer = self.post(&self.listings(), content).expect(201);
        publish(self, x, &format!("/v1/listings/{}", answer.id()), &answer.etag())
    }

    /// A published order; its path.
    pub fn publish_order(&self, x: &Exchange, content: &Value) -> String {
        let answer = self.post(&self.orders(), content).expect(201);
        publish(self, x, &format!("/v1/orders/{}", answer.id()), &answer.etag())
    }
}

fn publish(member: &Client, x: &Exchange, path: &str, etag: &str) -> String {
    let etag = member.post_at(&format!("{path}/submission"), etag, &json!({})).expect(200).etag();
    x.officer().post_at(&format!("{path}/publication"), &etag, &json!({})).expect(200);
    path.to_owned()
}

/// That of the usual password, made once.
static HASH: LazyLock<PasswordHash> = LazyLock::new(|| Password::new(PASSWORD).hash().expect("a hash"));

/// A person with a confirmed address, signed in: the client, the address, the account's id.
pub fn person(x: &Exchange) -> (Client, String, String) {
    let email = format!("person{}@example.com", number());
    let user = NewUser {
        email: deserr::deserialize::<_, _, techex::kernel::validate::FieldErrors>(json!(email)).expect("an address"),
        full_name: deserr::deserialize::<_, _, techex::kernel::validate::FieldErrors>(json!("Người thử"))
            .expect("a name"),
        locale: Locale::Vi,
        password_hash: HASH.clone(),
    };
    let id = write(x, move |tx| techex::accounts::create_verified_user(tx, &user));
    (x.visitor().sign_in(&email, PASSWORD), email, id.to_string())
}

/// A person who is made a member of an organisation at once, without the mail of an invitation: the client, the address, the
/// account's id.
pub fn member_of(x: &Exchange, organization_id: &str, role: &str) -> (Client, String, String) {
    let (client, email, id) = person(x);
    join(x, organization_id, &id, role);
    (client, email, id)
}

/// Makes somebody a member.
pub fn join(x: &Exchange, organization_id: &str, user_id: &str, role: &str) {
    let organization = organization_id.parse().expect("an identifier");
    let user = user_id.parse().expect("an identifier");
    let role = role.parse().expect("a role");
    write(x, move |tx| techex::accounts::add_member(tx, organization, user, role));
}

/// The officer of the exchange.
pub fn officer(x: &Exchange) -> Client {
    let user = NewUser {
        email: deserr::deserialize::<_, _, techex::kernel::validate::FieldErrors>(json!("officer@example.com"))
            .expect("an address"),
        full_name: deserr::deserialize::<_, _, techex::kernel::validate::FieldErrors>(json!("Cán bộ")).expect("a name"),
        locale: Locale::Vi,
        password_hash: Password::new(OFFICER_PASSWORD).hash().expect("a hash"),
    };
    let authority =
        deserr::deserialize::<_, _, techex::kernel::validate::FieldErrors>(json!("Cơ quan quản lý")).expect("a name");
    let officer = NewOfficer { authority, user };
    write(x, move |tx| techex::accounts::create_officer(tx, &officer));
    x.visitor().sign_in("officer@example.com", OFFICER_PASSWORD)
}

fn write<T: Send + 'static>(
    x: &Exchange,
    work: impl Fn(&mut Tx<'_>) -> Result<T, techex::db::Failure> + Send + 'static,
) -> T {
    let (writing, now) = (x.system.app.writing.clone(), x.now());
    let origin = Origin { actor: None, request_id: "test".into(), address: String::new() };
    let written = x
        .system
        .app
        .database
        .write(techex::db::Isolation::Serializable, move |conn| work(&mut Tx::new(conn, now, &writing, &origin)));
    written.expect("it is written")
}

/// A complete listing.
pub fn listing(title: &str) -> Value {
    json!({
        "language": "vi",
        "title": title,
        "summary": "Tóm tắt của công nghệ.",
        "description": "Mô tả bằng lời thường.",
        "problem_solved": "Vấn đề được giải quyết.",
        "existing_solution": "Cách làm hiện nay.",
        "measured_advantage": "Tốt hơn 30 %, đo trong sáu tháng.",
        "economics": "Hoàn vốn sau hai năm.",
        "trl": 7,
        "transfer_forms": ["non_exclusive_licence"],
        "price": {"kind": "fixed", "from": {"amount": 250_000_000, "currency": "VND"}},
        "research_field": "engineering_and_technology",
        "ipc": ["C02F 1/28"],
        "keywords": ["nước thải"]
    })
}

/// A complete order.
pub fn order(title: &str) -> Value {
    json!({
        "language": "vi",
        "title": title,
        "summary": "Tóm tắt nhu cầu.",
        "problem": "Vấn đề cần giải quyết.",
        "requirements": [{"text": "Chạy được với điện một pha", "level": "must"}],
        "success_criteria": "Đạt chỉ tiêu trong ba tháng.",
        "trl_wanted": 6,
        "cooperation_forms": ["non_exclusive_licence"],
        "budget": {"kind": "range", "from": {"amount": 100_000_000, "currency": "VND"}, "to": {"amount": 300_000_000, "currency": "VND"}},
        "deadline_on": "2027-03-31",
        "research_field": "engineering_and_technology",
        "ipc": ["C02F"],
        "keywords": ["nước thải"]
    })
}
