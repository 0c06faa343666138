DROP TABLE muticket_site_address;
