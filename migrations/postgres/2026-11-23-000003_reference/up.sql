-- Lists the law and the administration define. Rows are never changed, only ended (valid_to) and followed by others.
CREATE TABLE reference_items (
  list       TEXT NOT NULL,
  code       TEXT NOT NULL,
  parent     TEXT,
  name_vi    TEXT NOT NULL,
  name_en    TEXT NOT NULL,
  position   INTEGER NOT NULL,
  valid_from DATE,
  valid_to   DATE,
  PRIMARY KEY (list, code)
);

-- The six fields of research (Circular 24/2025/TT-BKHCN).
INSERT INTO reference_items (list, code, name_vi, name_en, position) VALUES
  ('research_field', 'natural_sciences', 'Khoa học tự nhiên', 'Natural sciences', 1),
  ('research_field', 'engineering_and_technology', 'Khoa học kỹ thuật và công nghệ', 'Engineering and technology', 2),
  ('research_field', 'medical_and_health_sciences', 'Khoa học y, dược', 'Medical and health sciences', 3),
  ('research_field', 'agricultural_sciences', 'Khoa học nông nghiệp', 'Agricultural sciences', 4),
  ('research_field', 'social_sciences', 'Khoa học xã hội', 'Social sciences', 5),
  ('research_field', 'humanities', 'Khoa học nhân văn', 'Humanities', 6);

-- The 34 provinces and cities since 2025-07-01, with their codes.
INSERT INTO reference_items (list, code, name_vi, name_en, position, valid_from) VALUES
  ('province', '01', 'Thành phố Hà Nội', 'Hanoi City', 1, '2025-07-01'),
  ('province', '04', 'Tỉnh Cao Bằng', 'Cao Bang Province', 2, '2025-07-01'),
  ('province', '08', 'Tỉnh Tuyên Quang', 'Tuyen Quang Province', 3, '2025-07-01'),
  ('province', '11', 'Tỉnh Điện Biên', 'Dien Bien Province', 4, '2025-07-01'),
  ('province', '12', 'Tỉnh Lai Châu', 'Lai Chau Province', 5, '2025-07-01'),
  ('province', '14', 'Tỉnh Sơn La', 'Son La Province', 6, '2025-07-01'),
  ('province', '15', 'Tỉnh Lào Cai', 'Lao Cai Province', 7, '2025-07-01'),
  ('province', '19', 'Tỉnh Thái Nguyên', 'Thai Nguyen Province', 8, '2025-07-01'),
  ('province', '20', 'Tỉnh Lạng Sơn', 'Lang Son Province', 9, '2025-07-01'),
  ('province', '22', 'Tỉnh Quảng Ninh', 'Quang Ninh Province', 10, '2025-07-01'),
  ('province', '24', 'Tỉnh Bắc Ninh', 'Bac Ninh Province', 11, '2025-07-01'),
  ('province', '25', 'Tỉnh Phú Thọ', 'Phu Tho Province', 12, '2025-07-01'),
  ('province', '31', 'Thành phố Hải Phòng', 'Haiphong City', 13, '2025-07-01'),
  ('province', '33', 'Tỉnh Hưng Yên', 'Hung Yen Province', 14, '2025-07-01'),
  ('province', '37', 'Tỉnh Ninh Bình', 'Ninh Binh Province', 15, '2025-07-01'),
  ('province', '38', 'Tỉnh Thanh Hoá', 'Thanh Hoa Province', 16, '2025-07-01'),
  ('province', '40', 'Tỉnh Nghệ An', 'Nghe An Province', 17, '2025-07-01'),
  ('province', '42', 'Tỉnh Hà Tĩnh', 'Ha Tinh Province', 18, '2025-07-01'),
  ('province', '44', 'Tỉnh Quảng Trị', 'Quang Tri Province', 19, '2025-07-01'),
  ('province', '46', 'Thành phố Huế', 'Hue City', 20, '2025-07-01'),
  ('province', '48', 'Thành phố Đà Nẵng', 'Da Nang City', 21, '2025-07-01'),
  ('province', '51', 'Tỉnh Quảng Ngãi', 'Quang Ngai Province', 22, '2025-07-01'),
  ('province', '52', 'Tỉnh Gia Lai', 'Gia Lai Province', 23, '2025-07-01'),
  ('province', '56', 'Tỉnh Khánh Hoà', 'Khanh Hoa Province', 24, '2025-07-01'),
  ('province', '66', 'Tỉnh Đắk Lắk', 'Dak Lak Province', 25, '2025-07-01'),
  ('province', '68', 'Tỉnh Lâm Đồng', 'Lam Dong Province', 26, '2025-07-01'),
  ('province', '75', 'Thành phố Đồng Nai', 'Dong Nai City', 27, '2025-07-01'),
  ('province', '79', 'Thành phố Hồ Chí Minh', 'Ho Chi Minh City', 28, '2025-07-01'),
  ('province', '80', 'Tỉnh Tây Ninh', 'Tay Ninh Province', 29, '2025-07-01'),
  ('province', '82', 'Tỉnh Đồng Tháp', 'Dong Thap Province', 30, '2025-07-01'),
  ('province', '86', 'Tỉnh Vĩnh Long', 'Vinh Long Province', 31, '2025-07-01'),
  ('province', '91', 'Tỉnh An Giang', 'An Giang Province', 32, '2025-07-01'),
  ('province', '92', 'Thành phố Cần Thơ', 'Can Tho City', 33, '2025-07-01'),
  ('province', '96', 'Tỉnh Cà Mau', 'Ca Mau Province', 34, '2025-07-01');
