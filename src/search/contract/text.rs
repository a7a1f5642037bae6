//! Cases: what a text finds, and how it is shown.

use super::{ask, document, find, put, put_titles};
use crate::search::{HighlightField, Hits, Query, SearchIndex};

/// Titles of the exchange's kind, numbered from 1.
const TITLES: [&str; 8] = [
    "Công nghệ xử lý nước thải dệt nhuộm",
    "Máy sấy nông sản bằng năng lượng mặt trời",
    "Quy trình nhân giống lan bằng nuôi cấy mô",
    "Vắc xin phòng bệnh cho cá tra",
    "Solar dryers for agricultural products",
    "Wastewater treatment with membrane bioreactor",
    "Phần mềm quản lý đô thị thông minh",
    "Vật liệu xây dựng từ xỉ thép",
];

pub(in crate::search) fn diacritics_do_not_matter_but_break_ties(index: &dyn SearchIndex) {
    put_titles(index, &["Dòng vốn đầu tư", "Đồng vị phóng xạ", "Động cơ điện"]);
    for text in ["đồng vị", "dong vi", "ĐỒNG VỊ", "đông vi", "do\u{302}\u{300}ng vi\u{323}"] {
        assert_eq!(find(index, text).first(), Some(&2), "{text}");
    }
    // One folded form, three words: what was written exactly comes first, the others are still found.
    for (text, first) in [("dòng", 1), ("đồng", 2), ("động", 3)] {
        let found = find(index, text);
        assert_eq!((found.first(), found.len()), (Some(&first), 3), "{text}");
    }
}

pub(in crate::search) fn stroked_d_is_d(index: &dyn SearchIndex) {
    put_titles(index, &["Đường đèo Đà Lạt", "Xe tải"]);
    for text in ["duong deo da lat", "Đường", "dÀ lẠt"] {
        assert_eq!(find(index, text), [1], "{text}");
    }
}

pub(in crate::search) fn misspelt_words_find_what_was_meant(index: &dyn SearchIndex) {
    put_titles(index, &TITLES);
    for (text, first) in [
        ("nước thải dệt nhuộn", 1),
        ("nhuộn", 1),
        ("bioraector", 6),
        ("agrycultrual", 5),
        ("mays say nong san", 2),
        ("nhân gióng lan", 3),
        ("vac xni ca tra", 4),
        ("agricultral dryer", 5),
        ("membrnae bioreactor", 6),
        ("pan mem quan ly", 7),
        ("phần mềm quản lí đô thị", 7),
        ("vậtt liệu xây dựng", 8),
    ] {
        assert_eq!(find(index, text).first(), Some(&first), "{text}");
    }
}

pub(in crate::search) fn joined_and_split_words_meet(index: &dyn SearchIndex) {
    put_titles(index, &["Chế phẩm vi khuẩn lam", "Telephone exchange", "Xe tải"]);
    assert_eq!(find(index, "chepham"), [1]);
    assert_eq!(find(index, "tele phone"), [2]);
}

pub(in crate::search) fn the_last_word_may_be_unfinished(index: &dyn SearchIndex) {
    put_titles(index, &TITLES);
    for (text, first) in
        [("cong nghe xu ly nuoc th", 1), ("năng lượng m", 2), ("waste", 6), ("membrane bior", 6), ("đô thị thô", 7)]
    {
        assert_eq!(find(index, text).first(), Some(&first), "{text}");
    }
    // A blank ends the word: it is no longer completed.
    assert_eq!(find(index, "bior "), Vec::<u64>::new());
}

pub(in crate::search) fn sentences_degrade_by_relevance(index: &dyn SearchIndex) {
    put_titles(index, &TITLES);
    let vietnamese = "Doanh nghiệp chúng tôi đang tìm một giải pháp có chi phí hợp lý để làm sạch nguồn nước thải \
                      phát sinh từ nhà máy dệt, xin hỏi viện nào đã nghiên cứu?";
    let english = "Which institute could help our cooperative to dry agricultural harvests without electricity, \
                   perhaps with some kind of solar dryer that farmers can build themselves?";
    assert_eq!(find(index, vietnamese).first(), Some(&1));
    assert_eq!(find(index, english).first(), Some(&5));
    let endless = format!("{} {english}", "hoàn toàn khác biệt ".repeat(10));
    assert_eq!(find(index, &endless).first(), Some(&5));
}

pub(in crate::search) fn much_weaker_matches_are_left_out(index: &dyn SearchIndex) {
    put_titles(index, &TITLES);
    assert_eq!(find(index, "vật liệu xây dựng"), [8]);
    // Nothing holds both words, so each match is as good as any.
    assert_eq!(find(index, "membrane xỉ").len(), 2);
}

pub(in crate::search) fn hostile_texts_are_harmless(index: &dyn SearchIndex) {
    put_titles(index, &TITLES);
    let all = TITLES.len();
    // Without a single word there is no text.
    for text in ["", " ", "\0", "*", "\"", "🙂🙂", "((((", "\\", "\u{202E}", "-- ;", "\u{300}\u{301}"] {
        assert_eq!(find(index, text).len(), all, "{text:?}");
    }
    let long = "xử lý ".repeat(2_000);
    let noise: String = ('!'..='\u{2FFF}').collect();
    let endless = "a".repeat(10_000);
    for text in [long.as_str(), &noise, &endless, "title:* OR [* TO *]", "'; DROP TABLE", "٣ שלום مرحبا 水处理", "%_"]
    {
        let query = Query { text: text.to_owned(), facets: true, highlight: true, ..Query::default() };
        ask(index, &query);
        index.suggest(text, 5).expect("suggested");
    }
    for text in ["\"nước thải\"", "nước\0thải", "+nước* AND thải~2", "\u{202E}nước thải", "🙂nước🙂thải🙂"]
    {
        assert_eq!(find(index, text).first(), Some(&1), "{text:?}");
    }
}

pub(in crate::search) fn titles_weigh_more(index: &dyn SearchIndex) {
    // The same words everywhere, so that only their place tells the documents apart.
    let mut tagged = document(3, "Một thứ", "khác");
    tagged.keywords = vec!["pin nhiên liệu".to_owned()];
    let plain = document(1, "Một thứ khác", "pin nhiên liệu");
    let titled = document(2, "Pin nhiên liệu", "một thứ khác");
    put(index, [plain, titled, tagged]);
    assert_eq!(find(index, "pin nhiên liệu"), [2, 3, 1]);
}

pub(in crate::search) fn owners_and_ipc_symbols_are_searched(index: &dyn SearchIndex) {
    put_titles(index, &TITLES);
    let mut filed = document(20, "Thiết bị", "");
    filed.organization_name = "Viện Hoá học".to_owned();
    filed.ipc = vec!["C02F 1/28".to_owned()];
    put(index, [filed]);
    for text in ["viện hóa học", "vien hoa", "c02f", "C02F1/28 "] {
        assert_eq!(find(index, text).first(), Some(&20), "{text}");
    }
}

pub(in crate::search) fn english_plurals_meet(index: &dyn SearchIndex) {
    put_titles(index, &TITLES);
    for text in ["solar dryer", "solar dryers", "agricultural product"] {
        assert_eq!(find(index, text).first(), Some(&5), "{text}");
    }
}

pub(in crate::search) fn words_in_order_rank_first(index: &dyn SearchIndex) {
    put_titles(index, &["máy học tính khoa", "học khoa tính máy", "khoa học máy tính", "tính máy khoa học"]);
    let found = find(index, "khoa học máy tính");
    assert_eq!((found.len(), found.get(..2)), (4, Some(&[3, 4][..])));
    assert_eq!(find(index, "may tinh hoc khoa").len(), 4);
}

pub(in crate::search) fn highlights_are_segments_of_the_text(index: &dyn SearchIndex) {
    let mut shown = document(1, "Xử lý <b>Nước</b> thải", "Không liên quan.");
    shown.summary = "Hệ thống lọc nước, công suất 20 m³.".to_owned();
    put(index, [shown]);
    let hits = highlighted(index, "nuoc thai");
    let [title, summary] = hits.hits[0].highlights.as_slice() else { panic!("{hits:?}") };
    assert_eq!((title.field, summary.field), (HighlightField::Title, HighlightField::Summary));
    let pieces: Vec<(&str, bool)> = title.segments.iter().map(|segment| (segment.text.as_str(), segment.hit)).collect();
    assert_eq!(pieces, [("Xử lý <b>", false), ("Nước", true), ("</b> ", false), ("thải", true)]);
    let joined: String = summary.segments.iter().map(|segment| segment.text.as_str()).collect();
    assert_eq!(joined, "Hệ thống lọc nước, công suất 20 m³.");
}

pub(in crate::search) fn fragments_show_the_best_place(index: &dyn SearchIndex) {
    let filler = "Đoạn văn này chỉ nói về những chuyện khác hẳn. ".repeat(30);
    let body = format!("Nước là nguồn sống. {filler}Màng lọc giữ lại muối trong nước biển. {filler}");
    put(index, [document(1, "Thiết bị", &body)]);
    let hits = highlighted(index, "màng lọc nước biển");
    let [fragment] = hits.hits[0].highlights.as_slice() else { panic!("{hits:?}") };
    let text: String = fragment.segments.iter().map(|segment| segment.text.as_str()).collect();
    assert!(text.contains("Màng lọc giữ lại muối trong nước biển"), "{text}");
    assert!(body.contains(&text) && (100..=220).contains(&text.len()), "{text}");
    let marked: Vec<&str> =
        fragment.segments.iter().filter(|segment| segment.hit).map(|segment| segment.text.as_str()).collect();
    assert_eq!(marked, ["Màng", "lọc", "nước", "biển"]);
}

fn highlighted(index: &dyn SearchIndex, text: &str) -> Hits {
    ask(index, &Query { text: text.to_owned(), highlight: true, ..Query::default() })
}

pub(in crate::search) fn suggestions_complete(index: &dyn SearchIndex) {
    put_titles(index, &TITLES);
    let mut tagged = document(20, "Thiết bị khác", "");
    tagged.keywords = vec!["nước sạch nông thôn".to_owned(), "Máy bơm".to_owned()];
    put(index, [tagged]);
    let suggest = |prefix: &str| index.suggest(prefix, 5).expect("suggested");
    assert_eq!(suggest("cong ng"), [TITLES[0]]);
    assert_eq!(suggest("CÔNG NGHỆ xử lý nước th"), [TITLES[0]]);
    // What begins with the text comes before what holds it.
    assert_eq!(suggest("nuoc"), ["nước sạch nông thôn", TITLES[0]]);
    assert_eq!(suggest("may b").first().map(String::as_str), Some("Máy bơm"));
    assert_eq!(index.suggest("m", 1).expect("suggested").len(), 1);
    assert!(suggest("").is_empty() && suggest("zzz").is_empty());
}

pub(in crate::search) fn synonyms_find_each_other(index: &dyn SearchIndex) {
    let group = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    put_titles(
        index,
        &[
            "Trí tuệ nhân tạo trong y tế",
            "AI cho nông nghiệp",
            "Artificial intelligence for farms",
            "Máy bay không người lái phun thuốc",
            "Drone survey",
            "Máy bay trực thăng",
        ],
    );
    let sorted = |text: &str| {
        let mut found = find(index, text);
        found.sort_unstable();
        found
    };
    assert_eq!(sorted("AI "), [2]);
    let groups = [
        group(&["AI", "trí tuệ nhân tạo", "artificial intelligence"]),
        group(&["UAV", "máy bay không người lái", "drone"]),
    ];
    index.set_synonyms(&groups).expect("taken over");
    assert_eq!(sorted("AI "), [1, 2, 3]);
    assert_eq!(sorted("tri tue nhan tao"), [1, 2, 3]);
    assert_eq!(find(index, "drone").first(), Some(&5));
    assert_eq!(sorted("uav"), [4, 5]);
    assert_eq!(find(index, "artificial intelligence nong nghiep").first(), Some(&2));
    index
        .rebuild(&mut (1..=2).map(|number| Ok(document(number, ["UAV", "Drone"][number as usize - 1], ""))))
        .expect("rebuilt");
    assert_eq!(sorted("uav"), [1, 2]);
    index.set_synonyms(&[]).expect("taken over");
    assert_eq!(sorted("uav"), [1]);
}
