//! Why a hit was found.

use serde_json::Value;

use crate::harness::listing;
use crate::on_each_index;

fn told(item: &Value) -> Vec<(String, String, String, String)> {
    let text = |it: &Value, name: &str| it[name].as_str().unwrap_or_default().to_owned();
    let matches = item["explanation"]["matches"].as_array().expect("matches").iter();
    matches.map(|it| (text(it, "word"), text(it, "found"), text(it, "field"), text(it, "how"))).collect()
}

on_each_index! {
    fn words_and_parts_of_the_score_are_told(x) {
        x.researcher().publish_listing(x, &listing("Màng sinh học xử lý nước"));
        let ask = |q: &str| x.visitor().get(&format!("/v1/search?q={q}&explain=true")).expect(200).json()["items"][0].clone();
        x.eventually("it is found", || ask("mang%20sinh")["explanation"].is_object());
        let item = ask("m%C3%A0ng%20sihn%20xu%20l");
        let told = told(&item);
        let holds = |word: &str, found: &str, how: &str| {
            let it = (word.to_owned(), found.to_owned(), "title".to_owned(), how.to_owned());
            assert!(told.contains(&it), "{it:?} is not in {told:?}");
        };
        holds("mang", "Màng", "exact");
        holds("sihn", "sinh", "typo");
        holds("l", "lý", "prefix");
        let parts = item["explanation"]["parts"].as_array().expect("parts");
        let sum: f64 = parts.iter().filter_map(|part| part["value"].as_f64()).sum();
        assert!((sum - item["score"].as_f64().expect("a score")).abs() < 0.01, "{item}");
        let plain = x.visitor().get("/v1/search?q=mang").expect(200).json();
        assert!(plain["items"][0].get("explanation").is_none());
    }
}
