DROP TABLE IF EXISTS muticket_category_order;
