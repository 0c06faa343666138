DROP TABLE muticket_category_order;
