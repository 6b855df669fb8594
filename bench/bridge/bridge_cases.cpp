#include "bench/bridge/bridge_cases.hpp"

#include <simdjson.h>

#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <memory>
#include <numbers>
#include <random>
#include <string_view>
#include <tuple>
#include <utility>

#include "data/topojson.hpp"
#include "geocell/polyfill.hpp"
#include "geocell/quadbin.hpp"
#include "geocell/s2.hpp"
#include "tests/support/source_dir.hpp"

namespace geocell::bench {
namespace {

constexpr std::size_t kRows = 10'000;
constexpr int kPolyfillResolution = 12;
constexpr std::size_t kMaxRequestBytes = std::size_t{5} * 1024 * 1024;

// A double crosses as text, since Redshift's JSON loses digits.
std::string wire(double value) { return '"' + to_text(value) + '"'; }
std::string wire(const std::string& value) { return '"' + value + '"'; }
template <class Integer>
std::string wire(Integer value) {
  return std::to_string(value);
}

void read(simdjson::ondemand::value value, std::int64_t&) { keep(value.get_int64().value_unsafe()); }
void read(simdjson::ondemand::value value, std::int32_t&) { keep(value.get_int64().value_unsafe()); }
void read(simdjson::ondemand::value value, double&) { keep(value.get_double_in_string().value_unsafe()); }
void read(simdjson::ondemand::value value, std::string&) { keep(value.get_string().value_unsafe().size()); }

template <class... Args>
void parse_request(simdjson::ondemand::parser& parser, const simdjson::padded_string& request) {
  simdjson::ondemand::document document = parser.iterate(request);
  for (simdjson::ondemand::array row : document["arguments"].get_array()) {
    std::tuple<Args...> types;
    auto value = row.begin();
    std::apply([&](auto&... argument) { ((read(*value, argument), ++value), ...); }, types);
  }
}

std::size_t print_value(char* out, std::int64_t value) {
  return static_cast<std::size_t>(std::to_chars(out, out + 24, value).ptr - out);
}
std::size_t print_value(char* out, const std::string& value) {
  std::memcpy(out, value.data(), value.size());
  return value.size();
}
std::size_t print_value(char* out, const std::vector<std::int64_t>& values) {
  char* const begin = out;
  for (const std::int64_t value : values) out += print_value(out, value);
  return static_cast<std::size_t>(out - begin);
}

std::vector<std::int64_t> all_ids(const CellRuns& cells) {
  std::vector<std::int64_t> ids(cells.count());
  cells.fill(ids);
  return ids;
}
template <class T>
const T& printable(const T& value) {
  return value;
}
std::vector<std::int64_t> printable(const CellRuns& value) { return all_ids(value); }

// `wire_rows` as Redshift sends them, `rows` as the core takes them; `call` is the core function.
template <class... Args, class Row, class Call>
BridgeCase make_case(const std::string& function, const std::vector<std::tuple<Args...>>& wire_rows,
                     std::vector<Row> rows, Call call) {
  BridgeCase result;
  result.function = function;
  result.rows = rows.size();
  std::string arguments;
  for (const auto& row : wire_rows) {
    std::string text;
    std::apply([&](const auto&... value) { ((text += (text.empty() ? "" : ",") + wire(value)), ...); }, row);
    arguments += (arguments.empty() ? "[" : ",[") + text + "]";
  }
  // The envelope of AWS's sample.
  result.request =
      R"({"request_id":"23FF1F97-F28A-44AA-AB67-266ED976BF40","cluster":"arn:aws:redshift:xxxx",)"
      R"("user":"adminuser","database":"db1","external_function":"geocell.__)" +
      function + R"(","query_id":5678234,"num_records":)" + std::to_string(rows.size()) +
      R"(,"arguments":[)" + arguments + "]}";

  auto parser = std::make_shared<simdjson::ondemand::parser>();
  auto padded = std::make_shared<simdjson::padded_string>(result.request);
  result.parse = [parser, padded] { parse_request<Args...>(*parser, *padded); };

  auto inputs = std::make_shared<std::vector<Row>>(std::move(rows));
  result.core = [inputs, call] {
    for (const Row& row : *inputs) keep(std::apply(call, row));
  };
  using Value = std::remove_cvref_t<decltype(printable(*std::apply(call, inputs->front())))>;
  auto results = std::make_shared<std::vector<Value>>();
  for (const Row& row : *inputs) results->push_back(printable(*std::apply(call, row)));
  auto buffer = std::make_shared<std::vector<char>>(std::size_t{8} * 1024 * 1024);
  result.print = [results, buffer] {
    char* out = buffer->data();
    for (const Value& value : *results) out += print_value(out, value);
    keep(out);
  };
  return result;
}

struct Points {
  std::mt19937_64 random{20240607};
  // Even on the sphere, up to 84° north and south: a ring at the Mercator square's border stops the Python
  // package that the bridge is compared with.
  std::pair<double, double> next() {
    std::uniform_real_distribution<double> unit(-1, 1);
    const double lng_deg = 180 * unit(random);
    return {lng_deg,
            std::asin(unit(random) * std::sin(84 * std::numbers::pi / 180)) * 180 / std::numbers::pi};
  }
};

void add_polyfill(std::vector<BridgeCase>& cases) {
  std::vector<std::tuple<std::string, std::int32_t>> wire_rows;
  std::vector<std::tuple<Geometry, std::int32_t>> rows;
  std::size_t bytes = 0;
  const std::string file = test::source_dir() + "/data/us-atlas/counties-10m.json";
  for (const topojson::Country& county : topojson::read_countries_file(file, "counties")) {
    Geometry geometry = *read_wkt(county.wkt());
    geometry.srid = 4326;
    const std::string hex = write_hex_wkb(geometry);
    bytes += hex.size() + 8;
    if (bytes > kMaxRequestBytes) break;
    wire_rows.emplace_back(hex, kPolyfillResolution);
    rows.emplace_back(std::move(geometry), kPolyfillResolution);
  }
  const auto call = [](const Geometry& geometry, std::int32_t resolution) {
    return quadbin::polyfill(CallContext{}, geometry, resolution, std::nullopt);
  };
  cases.push_back(make_case("quadbin_polyfill", wire_rows, std::move(rows), call));
}

}  // namespace

std::vector<BridgeCase> bridge_cases() {
  using Id = std::tuple<std::int64_t>;
  using IdAndNumber = std::tuple<std::int64_t, std::int32_t>;
  using Point = std::tuple<double, double, std::int32_t>;
  Points points;
  std::vector<std::tuple<std::string>> tokens;
  std::vector<Id> s2_cells;
  std::vector<IdAndNumber> parents, rings;
  std::vector<Point> quadbin_points, s2_points;
  for (std::size_t i = 0; i < kRows; ++i) {
    const auto [lng_deg, lat_deg] = points.next();
    const std::int64_t s2_cell = *s2::from_lng_lat(lng_deg, lat_deg, 20);
    const std::int64_t cell = *quadbin::from_lng_lat(lng_deg, lat_deg, 15);
    tokens.emplace_back(*s2::to_token(s2_cell));
    s2_cells.emplace_back(s2_cell);
    parents.emplace_back(cell, 10);
    rings.emplace_back(cell, 1);
    quadbin_points.emplace_back(lng_deg, lat_deg, 15);
    s2_points.emplace_back(lng_deg, lat_deg, 20);
  }
  std::vector<BridgeCase> cases;
  cases.push_back(make_case("s2_fromtoken", tokens, tokens,
                            [](const std::string& token) { return s2::from_token(token); }));
  cases.push_back(
      make_case("s2_totoken", s2_cells, s2_cells, [](std::int64_t cell) { return s2::to_token(cell); }));
  cases.push_back(make_case("s2_fromlonglat", s2_points, s2_points,
                            [](double lng_deg, double lat_deg, std::int32_t level) {
                              return s2::from_lng_lat(lng_deg, lat_deg, level);
                            }));
  cases.push_back(make_case("quadbin_fromlonglat", quadbin_points, quadbin_points,
                            [](double lng_deg, double lat_deg, std::int32_t resolution) {
                              return quadbin::from_lng_lat(lng_deg, lat_deg, resolution);
                            }));
  cases.push_back(make_case(
      "quadbin_toparent", parents, parents,
      [](std::int64_t cell, std::int32_t resolution) { return quadbin::to_parent(cell, resolution); }));
  cases.push_back(make_case("quadbin_kring", rings, rings, [](std::int64_t cell, std::int32_t size) {
    return quadbin::k_ring(CallContext{}, cell, size);
  }));
  add_polyfill(cases);
  return cases;
}

}  // namespace geocell::bench
