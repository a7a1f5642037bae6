//! The OpenAPI document: in step with the code, and complete.

use serde_json::Value;
use std::collections::BTreeSet;

#[test]
fn the_committed_document_is_what_the_code_says() {
    let committed = std::fs::read_to_string("openapi/openapi.json").unwrap();
    assert!(committed == techex::wiring::document(), "run: cargo run -- openapi > openapi/openapi.json");
}

#[test]
fn every_operation_is_documented() {
    let document: Value = serde_json::from_str(&techex::wiring::document()).unwrap();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    let mut ids = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let name = format!("{method} {path}");
            assert!(ids.insert(operation["operationId"].as_str().unwrap().to_owned()), "{name}: its id is taken");
            for field in ["summary", "description"] {
                assert!(operation[field].as_str().is_some_and(|text| text.len() > 5), "{name} has no {field}");
            }
            let responses = operation["responses"].as_object().unwrap();
            assert!(responses.keys().any(|status| status.starts_with('2')), "{name} has no success");
            for (status, response) in responses {
                let Some(content) = response["content"].as_object() else { continue };
                assert!(content.values().all(|body| body.get("example").is_some()), "{name} {status} has no example");
            }
        }
    }
    let operations = techex::wiring::operations();
    assert_eq!(ids.len(), operations.len());
    for operation in operations {
        let (method, path) = operation.address();
        let responses = &document["paths"][path][method.as_str().to_lowercase()]["responses"];
        let told: BTreeSet<u16> = responses.as_object().unwrap().keys().map(|status| status.parse().unwrap()).collect();
        assert_eq!(told, operation.statuses(), "{method} {path}");
    }
}

/// Two types of one name would share a schema, and one of them would be documented as the other.
#[test]
fn examples_have_the_fields_their_schema_demands() {
    let document: Value = serde_json::from_str(&techex::wiring::document()).unwrap();
    let schemas = &document["components"]["schemas"];
    for item in document["paths"].as_object().unwrap().values() {
        for operation in item.as_object().unwrap().values() {
            for response in operation["responses"].as_object().unwrap().values() {
                for body in response["content"].as_object().into_iter().flatten().map(|(_, body)| body) {
                    let Some(name) = body["schema"]["$ref"].as_str().and_then(|path| path.rsplit('/').next()) else {
                        continue;
                    };
                    for field in schemas[name]["required"].as_array().into_iter().flatten() {
                        assert!(
                            body["example"].get(field.as_str().unwrap()).is_some(),
                            "{name}: the example lacks {field}"
                        );
                    }
                }
            }
        }
    }
}
