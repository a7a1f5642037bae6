//! Files on listings and orders: sent, told of, downloaded by links, removed; and who may do which.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::catalogue::{KINDS, colleague};
use crate::harness::{App, Member, PDF, pdf};
use crate::{on_both, rows};

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A name with all that a header has to be kept from.
const NAME: &str = "Kết quả \"cuối\"; 100 %, nước thải = sạch.pdf";

on_both! {
    fn a_file_is_sent_told_of_and_downloaded_as_it_was(x) {
        let (owner, officer) = (x.researcher(), x.officer());
        for kind in KINDS {
            let draft = kind.complete(&owner, "Máy sấy");
            // More than the store takes at once, and not a multiple of it.
            let content = pdf(3_333_333);
            let added = owner.attach(&draft.path, NAME, "public", PDF, &content).expect(201);
            let told = json!({
                "id": added.id(), "name": NAME, "media_type": PDF, "size": content.len(), "sha256": sha256(&content),
                "disclosure": "public", "created_at": x.now().to_string(),
            });
            assert_eq!(added.json(), told);
            let file = added.header("location").expect("a location").to_owned();
            assert_eq!(owner.get(&file).expect(200).json(), told);
            assert_eq!(owner.get(&file).expect(200).etag(), added.etag());
            draft.step(&owner, "submission").expect(200);
            let etag = owner.get(&draft.path).expect(200).etag();
            officer.post_at(&format!("{}/publication", draft.path), &etag, &json!({})).expect(200);
            for reader in [&x.visitor(), &owner.client, &officer] {
                assert_eq!(reader.get(&draft.path).expect(200).json()["attachments"], json!([told]));
                let list = reader.get(&format!("{}/attachments", draft.path)).expect(200);
                assert_eq!(list.json(), json!({"items": [told]}));
                let sent = reader.get(&reader.link(&file)).expect(200);
                assert!(sent.text.as_bytes() == content, "{} bytes came back", sent.text.len());
                for (name, value) in [
                    ("content-type", PDF),
                    ("content-length", "3333333"),
                    ("accept-ranges", "bytes"),
                    ("x-content-type-options", "nosniff"),
                    ("content-security-policy", "default-src 'none'; sandbox; frame-ancestors 'none'"),
                    ("cache-control", "no-store"),
                    ("etag", &format!("\"{}\"", sha256(&content))),
                ] {
                    assert_eq!(sent.header(name), Some(value), "{name}");
                }
                let disposition = sent.header("content-disposition").expect("a disposition");
                let encoded = "K%E1%BA%BFt%20qu%E1%BA%A3%20%22cu%E1%BB%91i%22%3B%20100%20%25%2C%20n%C6%B0%E1%BB%9Bc%20th%E1%BA%A3i%20=%20s%E1%BA%A1ch.pdf";
                assert_eq!(disposition, format!("attachment; filename*=UTF-8''{encoded}"));
            }
            assert_eq!(x.visitor().get(kind.list).expect(200).json()["items"][0].get("attachments"), None);
            let events = rows::select(x.database_url(), "event", "audit_log WHERE event LIKE 'attachment%'");
            assert!(events.iter().all(|event| event == "attachment.added"), "{events:?}");
        }
        assert_eq!(x.stored_files().len(), 2);
        // Under the identifier, never under the name.
        assert!(x.stored_files().iter().all(|path| !path.to_string_lossy().contains("pdf")));
    }

    fn a_download_can_be_taken_up_again(x) {
        let owner = x.researcher();
        let (draft, _) = owner.draft_listing("Máy sấy");
        let content = pdf(2_000_000);
        let added = owner.attach(&draft, "a.pdf", "public", PDF, &content).expect(201);
        let link = owner.link(added.header("location").expect("a place"));
        let whole = x.visitor().get(&link).expect(200);
        let part = |range: &str| x.visitor().with("range", range).get(&link);
        for (range, from, to) in
            [("bytes=0-0", 0, 1), ("bytes=1048570-1048590", 1_048_570, 1_048_591), ("bytes=-7", 1_999_993, 2_000_000)]
        {
            let answer = part(range).expect(206);
            assert!(answer.text.as_bytes() == &content[from..to], "{range}");
            let told = format!("bytes {from}-{}/2000000", to - 1);
            assert_eq!(answer.header("content-range"), Some(told.as_str()));
            assert_eq!(answer.header("content-length"), Some((to - from).to_string().as_str()));
            assert_eq!(answer.etag(), whole.etag());
        }
        let after = part("bytes=2000000-").expect(416).problem("range_not_satisfiable");
        assert_eq!(after.header("content-range"), Some("bytes */2000000"));
        assert!(part("bytes=0-1,5-6").expect(200).text == whole.text);
        x.visitor().with("if-range", &whole.etag()).with("range", "bytes=5-").get(&link).expect(206);
        x.visitor().with("if-range", "\"other\"").with("range", "bytes=5-").get(&link).expect(200);
        let unchanged = x.visitor().with("if-none-match", &whole.etag()).get(&link).expect(304);
        assert_eq!((unchanged.text.as_str(), unchanged.etag()), ("", whole.etag()));
        let head = x.visitor().send("HEAD", &link, None, b"").expect(200);
        assert_eq!((head.text.as_str(), head.header("content-length")), ("", Some("2000000")));
    }

    fn a_link_lasts_for_minutes_and_for_one_file(x) {
        let owner = x.researcher();
        let (draft, _) = owner.draft_listing("Máy sấy");
        let (file, other) = (owner.attach_pdf(&draft, "public"), owner.attach_pdf(&draft, "public"));
        let answer = owner.post_nothing(&format!("{file}/link")).expect(200);
        assert_eq!(answer.text_at("/expires_at"), x.now().plus_seconds(300).to_string());
        let link = owner.link(&file);
        let other_id = other.rsplit('/').next().expect("an id");
        let (_, pass) = link.split_once("?pass=").expect("a pass");
        x.visitor().get(&format!("/v1/files/{other_id}?pass={pass}")).expect(403).problem("invalid_pass");
        let later = pass.replacen(char::is_numeric, "9", 1);
        for forged in [later.as_str(), "x", "9999999999.v.AAAA", &pass[..pass.len() - 1]] {
            let path = link.replace(pass, forged);
            x.visitor().get(&path).expect(403).problem("invalid_pass");
        }
        x.visitor().get("/v1/files/0198c5a1-f2b0-7cc0-8d3e-5f0a1b2c3d4e?pass=x").expect(403).problem("invalid_pass");
        x.visitor().get(link.split('?').next().expect("a path")).expect(422).field("/pass", "required");
        x.clock.advance(299);
        x.visitor().get(&link).expect(200);
        x.clock.advance(1);
        x.visitor().get(&link).expect(403).problem("invalid_pass");
        // With the session it was made in, with the membership, and with the file.
        let clerk = colleague(x, &owner, "viewer");
        let (of_clerk, of_owner) = (clerk.link(&file), owner.link(&file));
        let members = format!("/v1/organizations/{}/members", owner.organization_id);
        owner.delete(&format!("{members}/{}", clerk.get("/v1/me").expect(200).id())).expect(204);
        x.visitor().get(&of_clerk).expect(404).problem("not_found");
        owner.delete(&file).expect(204);
        x.visitor().get(&of_owner).expect(404).problem("not_found");
        let of_session = owner.link(&other);
        x.visitor().get(&of_session).expect(200);
        owner.delete("/v1/sessions/current").expect(204);
        x.visitor().get(&of_session).expect(403).problem("invalid_pass");
    }

    fn a_link_ends_with_what_its_file_hangs_on(x) {
        let (owner, visitor) = (x.researcher(), x.visitor());
        for kind in KINDS {
            let draft = kind.complete(&owner, "Máy sấy");
            let file = owner.attach_pdf(&draft.path, "public");
            visitor.post_nothing(&format!("{file}/link")).expect(404).problem("not_found");
            let etag = draft.step(&owner, "submission").expect(200).etag();
            let etag = x.officer().post_at(&format!("{}/publication", draft.path), &etag, &json!({})).expect(200).etag();
            let link = visitor.link(&file);
            visitor.get(&link).expect(200);
            owner.post_at(&format!("{}/withdrawal", draft.path), &etag, &json!({})).expect(200);
            visitor.get(&link).expect(404).problem("not_found");
        }
    }

    fn who_is_told_and_who_may_change(x) {
        let owner = x.researcher();
        let (editor, viewer) = (colleague(x, &owner, "editor"), colleague(x, &owner, "viewer"));
        let (outsider, visitor) = (x.enterprise(), x.visitor());
        for kind in KINDS {
            let draft = kind.complete(&owner, "Máy sấy");
            let files = format!("{}/attachments", draft.path);
            let (open, closed) = (editor.attach_pdf(&draft.path, "public"), owner.attach_pdf(&draft.path, "registered"));
            let add = |who: &crate::harness::Client| who.attach(&draft.path, "a.pdf", "public", PDF, &pdf(50));
            for path in [&files, &open, &closed] {
                viewer.get(path).expect(200);
                outsider.get(path).expect(404).problem("not_found");
                visitor.get(path).expect(404).problem("not_found");
            }
            for file in [&open, &closed] {
                outsider.post_nothing(&format!("{file}/link")).expect(404).problem("not_found");
                outsider.delete(file).expect(404).problem("not_found");
                viewer.delete(file).expect(403).problem("role_too_low");
                visitor.delete(file).expect(401);
            }
            add(&outsider).expect(404).problem("not_found");
            add(&viewer).expect(403).problem("role_too_low");
            add(&visitor).expect(401).problem("authentication_required");
            // What officers look at does not change under their eyes.
            let etag = draft.step(&owner, "submission").expect(200).etag();
            x.officer().get(&closed).expect(200);
            add(&editor).expect(409).problem(kind.wrong_state);
            editor.delete(&open).expect(409).problem(kind.wrong_state);
            let etag = x.officer().post_at(&format!("{}/publication", draft.path), &etag, &json!({})).expect(200).etag();
            add(&outsider).expect(403).problem("role_too_low");
            outsider.delete(&open).expect(403).problem("role_too_low");
            add(&editor).expect(409).problem(kind.wrong_state);
            let count = |who: &crate::harness::Client| {
                let of = |value: &Value| value.as_array().map_or(0, Vec::len);
                let (item, list) = (who.get(&draft.path).expect(200).json(), who.get(&files).expect(200).json());
                (of(&item["attachments"]), of(&list["items"]))
            };
            assert_eq!((count(&visitor), count(&outsider), count(&viewer)), ((1, 1), (2, 2), (2, 2)));
            visitor.get(&closed).expect(404).problem("not_found");
            visitor.post_nothing(&format!("{closed}/link")).expect(404).problem("not_found");
            outsider.get(&outsider.link(&closed)).expect(200);
            owner.post_at(&format!("{}/withdrawal", draft.path), &etag, &json!({})).expect(200);
            add(&editor).expect(201);
            editor.delete(&open).expect(204);
            editor.delete(&open).expect(404);
            assert_eq!(count(&owner), (2, 2));
        }
    }

    fn machines_attach_what_is_not_confidential(x) {
        let owner = x.enterprise();
        App::of(x, &owner.client, &owner.email);
        let key = json!({"name": "Đồng bộ", "role": "editor", "valid_days": 30});
        let keys = format!("/v1/organizations/{}/api-keys", owner.organization_id);
        let machine = x.visitor().with_token(&owner.post(&keys, &key).expect(201).text_at("/secret"));
        let (draft, _) = owner.draft_listing("Máy sấy");
        let file = machine.attach_pdf(&draft, "registered");
        x.visitor().get(&machine.link(&file)).expect(200);
        machine.attach(&draft, "a.pdf", "confidential", PDF, &pdf(50)).expect(403).problem("person_required");
        let secret = owner.attach_pdf(&draft, "confidential");
        machine.post_nothing(&format!("{secret}/link")).expect(403).problem("person_required");
        machine.delete(&secret).expect(403).problem("person_required");
    }

    fn a_repeated_upload_is_one_file(x) {
        let owner = x.researcher();
        let (draft, _) = owner.draft_listing("Máy sấy");
        let keyed = owner.with("idempotency-key", "k1");
        let add = |name: &str, size: usize| keyed.attach(&draft, name, "public", PDF, &pdf(size));
        let first = add("a.pdf", 100).expect(201);
        let again = add("a.pdf", 100).expect(201);
        assert_eq!((&again.text, again.header("location")), (&first.text, first.header("location")));
        add("a.pdf", 101).expect(422).problem("idempotency_key_reused");
        add("b.pdf", 100).expect(422).problem("idempotency_key_reused");
        assert_eq!(rows::count(x.database_url(), "attachments"), 1);
        assert_eq!(x.stored_files().len(), 1, "the bytes of the repetitions are gone");
    }

    fn a_discarded_draft_takes_its_files_with_it(x) {
        let (owner, outsider) = (x.researcher(), x.enterprise());
        for kind in KINDS {
            let draft = kind.complete(&owner, "Máy sấy");
            let kept = kind.complete(&owner, "Máy nghiền");
            let link = owner.link(&owner.attach_pdf(&draft.path, "public"));
            owner.attach_pdf(&draft.path, "registered");
            owner.attach_pdf(&kept.path, "public");
            if kind.name == "listing" {
                owner.attach_pdf(&draft.path, "confidential");
            }
            let etag = owner.get(&draft.path).expect(200).etag();
            let discard = |who: &Member, path: &str, etag: &str| who.with("if-match", etag).delete(path);
            owner.delete(&draft.path).expect(428).problem("if_match_required");
            discard(&outsider, &draft.path, &etag).expect(404).problem("not_found");
            discard(&owner, &draft.path, "\"9-00000000\"").expect(412).problem("stale_version");
            discard(&owner, &draft.path, &etag).expect(204);
            owner.get(&draft.path).expect(404);
            x.visitor().get(&link).expect(404).problem("not_found");
            let id = rows::hex(draft.path.rsplit('/').next().expect("an id"));
            for table in ["revisions", "labels"] {
                let left = rows::select(x.database_url(), "{id:item_id}", table);
                assert!(!left.contains(&id), "{table}");
            }
            let submitted = kept.step(&owner, "submission").expect(200).etag();
            let back = owner.post_at(&format!("{}/withdrawal", kept.path), &submitted, &json!({})).expect(200).etag();
            discard(&owner, &kept.path, &back).expect(409).problem(kind.wrong_state);
        }
        assert_eq!(rows::count(x.database_url(), "attachments"), 2);
        x.eventually("the bytes follow", || x.stored_files().len() == 2);
    }
}
