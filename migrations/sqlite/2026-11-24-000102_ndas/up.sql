-- Texts of non-disclosure agreements, by name and version, each with the day it takes effect.
CREATE TABLE nda_templates (
  name           TEXT NOT NULL,
  version        INTEGER NOT NULL,
  language       TEXT NOT NULL CHECK (language IN ('vi', 'en')),
  title          TEXT NOT NULL,
  text           TEXT NOT NULL,
  effective_from TEXT NOT NULL,
  PRIMARY KEY (name, version)
) STRICT;

-- Non-disclosure agreements of negotiations.
CREATE TABLE ndas (
  id               BLOB NOT NULL PRIMARY KEY,
  negotiation_id   BLOB NOT NULL REFERENCES negotiations (id),
  offered_by       BLOB NOT NULL REFERENCES organizations (id),
  status           TEXT NOT NULL CHECK (status IN ('offered', 'signed_by_one', 'in_force', 'withdrawn', 'expired', 'terminated')),
  template         TEXT,
  template_version INTEGER,
  text             TEXT NOT NULL,
  text_sha256      TEXT NOT NULL,
  valid_days       INTEGER NOT NULL CHECK (valid_days > 0),
  first_side       BLOB REFERENCES organizations (id),
  first_signatory  BLOB REFERENCES users (id),
  first_signed_at  TEXT,
  second_signatory BLOB REFERENCES users (id),
  in_force_at      TEXT,
  expires_at       TEXT,
  ended_at         TEXT,
  grant_id         BLOB REFERENCES confidential_grants (id),
  version          INTEGER NOT NULL,
  created_at       TEXT NOT NULL,
  updated_at       TEXT NOT NULL,
  CHECK ((first_signed_at IS NULL) = (first_side IS NULL)),
  CHECK ((in_force_at IS NULL) = (second_signatory IS NULL)),
  CHECK (in_force_at IS NULL OR first_signed_at IS NOT NULL),
  CHECK (status NOT IN ('in_force', 'expired', 'terminated') OR in_force_at IS NOT NULL)
) STRICT;
CREATE INDEX ndas_by_negotiation ON ndas (negotiation_id, id);
CREATE INDEX ndas_in_force ON ndas (expires_at) WHERE status = 'in_force';
CREATE INDEX ndas_by_first_signatory ON ndas (first_signatory);
CREATE INDEX ndas_by_second_signatory ON ndas (second_signatory);
-- One negotiation, one agreement that is not over.
CREATE UNIQUE INDEX ndas_live_key ON ndas (negotiation_id) WHERE status IN ('offered', 'signed_by_one', 'in_force');

INSERT INTO nda_templates (name, version, language, title, text, effective_from) VALUES
  ('mutual_vi', 1, 'vi', 'Thỏa thuận bảo mật song phương', 'THỎA THUẬN BẢO MẬT SONG PHƯƠNG

Điều 1. Các bên và mục đích. Hai bên là hai tổ chức của cuộc đàm phán trên Sàn giao dịch công nghệ mà thỏa thuận này được lập trong đó. Hai bên trao đổi thông tin chỉ để đánh giá và đàm phán việc chuyển giao công nghệ nêu tại cuộc đàm phán ấy.

Điều 2. Thông tin mật. Thông tin mật là mọi thông tin kỹ thuật, kinh doanh, tài chính mà một bên cung cấp cho bên kia trong cuộc đàm phán, gồm phần bảo mật của niêm yết, trừ thông tin đã công khai không do lỗi của bên nhận, bên nhận đã có hợp pháp từ trước, hoặc bên nhận tự tạo ra mà không dùng thông tin mật.

Điều 3. Nghĩa vụ. Bên nhận giữ kín thông tin mật, chỉ dùng cho mục đích tại Điều 1, chỉ cho người cần biết trong tổ chức mình và người đó chịu cùng nghĩa vụ, không sao chép quá mức cần thiết, không phân tích ngược mẫu vật, và không nộp đơn đăng ký quyền sở hữu trí tuệ dựa trên thông tin mật.

Điều 4. Không chuyển quyền. Thỏa thuận này không chuyển giao hay cấp bất kỳ quyền sở hữu trí tuệ nào và không buộc bên nào ký hợp đồng chuyển giao.

Điều 5. Thời hạn. Thỏa thuận có hiệu lực từ chữ ký thứ hai và trong thời hạn ghi khi lập. Nghĩa vụ đối với thông tin đã nhận còn kéo dài ba năm sau khi thỏa thuận chấm dứt hoặc hết hạn.

Điều 6. Trả lại. Khi được yêu cầu, bên nhận trả lại hoặc hủy thông tin mật và xác nhận bằng văn bản.

Điều 7. Tiết lộ theo luật. Bên nhận buộc phải tiết lộ theo yêu cầu của cơ quan có thẩm quyền thì báo trước cho bên kia nếu luật cho phép và chỉ tiết lộ phần bị yêu cầu.

Điều 8. Luật áp dụng. Luật Việt Nam; tranh chấp không tự giải quyết được thì đưa ra tòa án có thẩm quyền tại Hà Nội.', '2026-04-01'),
  ('mutual_en', 1, 'en', 'Mutual non-disclosure agreement', 'MUTUAL NON-DISCLOSURE AGREEMENT

Article 1. Parties and purpose. The parties are the two organisations of the negotiation at the Technology Exchange in which this agreement is made. They exchange information only to evaluate and negotiate the transfer of the technology named in that negotiation.

Article 2. Confidential information. All technical, business and financial information that one party gives the other in the negotiation, including the confidential part of the listing, except what is public without the fault of the recipient, what the recipient lawfully had before, and what the recipient develops without using it.

Article 3. Duties. The recipient keeps confidential information secret, uses it for the purpose of Article 1 only, gives it only to those of its people who need it and who are bound alike, makes no more copies than necessary, does not reverse engineer samples, and files no application for an intellectual property right that rests on it.

Article 4. No transfer of rights. This agreement transfers or grants no intellectual property right and obliges no party to conclude a transfer contract.

Article 5. Term. The agreement is in force from the second signature and for the term stated when it was made. The duties concerning what was received last three years beyond its termination or expiry.

Article 6. Return. On request the recipient returns or destroys the confidential information and confirms it in writing.

Article 7. Disclosure required by law. A recipient whom a competent authority obliges to disclose tells the other party before, where the law allows, and discloses only what is demanded.

Article 8. Governing law. The law of Viet Nam; disputes that are not settled amicably go to the competent court in Hà Nội.', '2026-04-01');
