DROP TABLE IF EXISTS muticket_site_address;
