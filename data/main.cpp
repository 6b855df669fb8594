// topojson_to_tsv FILE: prints one line per country, name<TAB>EWKT, as PostgreSQL's COPY reads it.
#include <exception>
#include <iostream>

#include "data/topojson.hpp"

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: topojson_to_tsv FILE\n";
    return 2;
  }
  try {
    for (const topojson::Country& country : topojson::read_countries_file(argv[1])) {
      if (country.name.find_first_of("\t\n\r\\") != std::string::npos) {
        throw std::runtime_error("the name of " + country.name + " would need escaping");
      }
      std::cout << country.name << "\tSRID=4326;" << country.wkt() << '\n';
    }
  } catch (const std::exception& error) {
    std::cerr << argv[1] << ": " << error.what() << '\n';
    return 1;
  }
  return std::cout.flush() ? 0 : 1;
}
