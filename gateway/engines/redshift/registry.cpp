#include "gateway/engines/redshift/registry.hpp"

#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <functional>
#include <random>
#include <thread>

#include "gateway/engines/redshift/redshift_quotes.hpp"
#include "gateway/system/digest.hpp"

namespace geocell::gateway {

using nlohmann::json;

namespace {

// The Data API takes 100 KB a statement.
constexpr std::size_t kStatementBytes = 60000;
constexpr const char* kRunRow = "run";
constexpr const char* kAtWork = "at work";
constexpr const char* kEnded = "ended";

// Statements as one text without a backslash, which SQL's literals could not carry: JSON with \\ and % as %5C
// and %25.
std::string packed(const std::vector<std::string>& statements) {
  std::string text;
  for (const char c : json(statements).dump(-1, ' ', false, json::error_handler_t::replace)) {
    if (c == '\\') {
      text += "%5C";
    } else if (c == '%') {
      text += "%25";
    } else {
      text += c;
    }
  }
  return text;
}

// Throws Failure.
std::vector<std::string> unpacked(const std::string& text, const std::string& where) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      plain += text[i];
      continue;
    }
    plain += text.compare(i, 3, "%5C") == 0 ? '\\' : '%';
    i += 2;
  }
  const json statements = json::parse(plain, nullptr, false);
  if (!statements.is_array()) throw Failure(where + " does not hold statements; it has been changed by hand");
  return statements.get<std::vector<std::string>>();
}

std::string random_id() {
  std::random_device random;
  std::string text;
  for (int i = 0; i < 4; ++i) text += std::to_string(random()) + (i < 3 ? "-" : "");
  return text;
}

// "ann@host, process 4711, since 2026-11-21 18:02:11 UTC"
std::string this_run() {
  const passwd* user = ::getpwuid(::geteuid());
  std::array<char, 256> host{};
  if (::gethostname(host.data(), host.size() - 1) != 0) host[0] = '?';
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  ::gmtime_r(&now, &parts);
  std::array<char, 32> time{};
  const auto length = std::strftime(time.data(), time.size(), "%Y-%m-%d %H:%M:%S", &parts);
  return std::string(user == nullptr ? "?" : user->pw_name) + "@" + host.data() + ", process " +
         std::to_string(::getpid()) + ", since " + std::string(time.data(), length) + " UTC";
}

// Joins the parts with commas into texts that one statement can carry.
void in_chunks(const std::vector<std::string>& parts, const std::function<void(const std::string&)>& send) {
  std::string text;
  for (const auto& part : parts) {
    if (!text.empty() && text.size() + part.size() > kStatementBytes) {
      send(text);
      text.clear();
    }
    text += (text.empty() ? "" : ", ") + part;
  }
  if (!text.empty()) send(text);
}

}  // namespace

Registry::Registry(Database& database, const Config& config, const Console& console)
    : database_(database),
      console_(console),
      table_(quote_identifier(config.schema()) + "." + kRegistryTable),
      silence_(config.number("GEOCELL_RUN_SILENCE", 1, 3600)) {}

std::string Registry::create_statement(const std::string& schema) {
  return "CREATE TABLE IF NOT EXISTS " + quote_identifier(schema) + "." + kRegistryTable +
         " (object VARCHAR(4096), position INTEGER, version VARCHAR(64), digest VARCHAR(64), "
         "create_sql VARCHAR(65535), drop_sql VARCHAR(65535))";
}

std::string Registry::digest_of(const std::vector<std::string>& statements) {
  return sha256_hex(json(statements).dump());
}

void Registry::load() {
  objects_.clear();
  stored_.clear();
  run_ = {};
  for (const Row& row :
       database_.run("SELECT object, position, version, digest, create_sql, drop_sql FROM " + table_)) {
    if (std::ranges::any_of(row, [](const auto& field) { return !field.has_value(); })) {
      throw Failure("the registry " + table_ + " has a row with NULL; it has been changed by hand");
    }
    const Registered read{*row[2], *row[3],
                          unpacked(*row[4], "the registry " + table_ + ", " + *row[0] + ","), *row[5],
                          std::stol(*row[1])};
    if (*row[0] == kRunRow) {
      // Two rows where two runs made the table at once: one that has not ended counts.
      if (run_.ended) {
        run_ = {read.digest, read.create.empty() ? "?" : read.create.front(), read.position,
                read.version != kAtWork};
      }
      continue;
    }
    stored_.insert(*row[0]);
    const auto [entry, is_new] = objects_.insert({*row[0], read});
    // Two runs announced it: what they disagree about is not finished.
    if (!is_new && entry->second.digest != read.digest) entry->second.digest.clear();
  }
}

std::vector<std::string> Registry::newest_first() const {
  std::vector<std::pair<long, std::string>> order;
  for (const auto& [key, entry] : objects_) order.emplace_back(-entry.position, key);
  std::ranges::sort(order);
  std::vector<std::string> keys;
  keys.reserve(order.size());
  for (auto& [position, key] : order) keys.push_back(std::move(key));
  return keys;
}

std::vector<Registry::Run> Registry::read_runs() {
  std::vector<Run> runs;
  for (const Row& row : database_.run("SELECT digest, create_sql, position, version FROM " + table_ +
                                      " WHERE object = " + quote_literal(kRunRow))) {
    const auto who = unpacked(row.at(1).value_or("[]"), "the registry " + table_);
    runs.push_back({row.at(0).value_or(""), who.empty() ? "?" : who.front(),
                    std::stol(row.at(2).value_or("0")), row.at(3).value_or("") != kAtWork});
  }
  return runs;
}

void Registry::wait_for_other_run() {
  if (run_.ended) return;
  console_.note("A run by " + run_.who + " has not ended; looking for a sign of life for " +
                std::to_string(silence_.count()) + " s (GEOCELL_RUN_SILENCE) …");
  const auto deadline = std::chrono::steady_clock::now() + silence_;
  while (std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(std::chrono::milliseconds(250));
    const auto runs = read_runs();
    const bool same = std::ranges::any_of(
        runs, [&](const Run& run) { return run.id == run_.id && !run.ended && run.beat == run_.beat; });
    if (same) continue;
    throw Failure("Another run is at work in this schema (" + run_.who +
                  "); run the command again when it has ended");
  }
  console_.note("It was interrupted: this run takes over.");
}

void Registry::begin(const std::vector<SqlObject>& make, const std::set<std::string>& change,
                     const std::string& version) {
  own_id_ = random_id();
  const std::string is_run = " WHERE object = " + quote_literal(kRunRow);
  std::vector<Run> runs;
  try {
    if (run_.id.empty()) {
      database_.run("INSERT INTO " + table_ + " (object, position, version, digest, create_sql, drop_sql) " +
                    "SELECT " + quote_literal(kRunRow) + ", 0, " + quote_literal(kEnded) +
                    ", '', '[]', '' WHERE NOT EXISTS (SELECT 1 FROM " + table_ + is_run + ")");
    }
    database_.run("UPDATE " + table_ + " SET digest = " + quote_literal(own_id_) +
                  ", version = " + quote_literal(kAtWork) + ", position = 0, create_sql = " +
                  quote_literal(packed({this_run()})) + is_run + " AND digest = " + quote_literal(run_.id));
    runs = read_runs();
  } catch (const SqlFailure& failure) {
    throw Failure(std::string(failure.what()) +
                  "\nAnother run may have begun at the same moment; run the command again when it has ended");
  }
  const auto other = std::ranges::find_if(
      runs, [&](const Run& run) { return run.id != own_id_ && (!run.ended || runs.size() == 1); });
  begun_ = true;
  if (other != runs.end()) {
    end();
    throw Failure("Another run has begun in this schema since this one made its plan (" + other->who +
                  "); run the command again when it has ended");
  }
  if (runs.size() > 1) {  // of two runs that made the table at once
    database_.run("DELETE FROM " + table_ + is_run + " AND digest <> " + quote_literal(own_id_));
  }
  last_beat_ = std::chrono::steady_clock::now();

  std::map<std::string, Registered> rows;
  for (const auto& object : make) {
    if (objects_.contains(object.key)) continue;
    rows[object.key] = {version, "", object.create, object.drop, ++last_position()};
  }
  insert(rows);
  objects_.insert(rows.begin(), rows.end());
  mark_begun(change);
}

void Registry::mark_begun(const std::set<std::string>& keys) {
  std::vector<std::string> names;
  for (const auto& key : keys) {
    if (!stored_.contains(key)) continue;
    names.push_back(quote_literal(key));
    // Those that this run does not reach keep what they have.
    changed_.insert(key);
  }
  in_chunks(names, [&](const std::string& list) {
    database_.run("UPDATE " + table_ + " SET digest = '' WHERE object IN (" + list + ")");
  });
}

void Registry::keep_alive() {
  if (!begun_) return;
  const auto now = std::chrono::steady_clock::now();
  if (!taken_over_ && now - last_beat_ < silence_ / 3) return;
  database_.run("UPDATE " + table_ + " SET position = position + 1 WHERE object = " + quote_literal(kRunRow) +
                " AND digest = " + quote_literal(own_id_));
  const auto runs = read_runs();
  const auto own = std::ranges::find(runs, own_id_, &Run::id);
  if (own == runs.end()) {
    taken_over_ = true;
    throw Failure("Another run has taken over (" + (runs.empty() ? "?" : runs.front().who) +
                  "); this one stops here");
  }
  last_beat_ = now;
}

void Registry::changing(const std::string& key) {
  if (const auto found = objects_.find(key); found != objects_.end()) found->second.digest.clear();
}

void Registry::made(const std::string& key, const Registered& what) {
  Registered row = what;
  row.position = objects_.contains(key) ? objects_.at(key).position : ++last_position();
  objects_[key] = row;
  changed_.insert(key);
}

void Registry::dropped(const std::string& key) {
  objects_.erase(key);
  changed_.insert(key);
}

void Registry::table_dropped() {
  changed_.clear();
  begun_ = false;
}

void Registry::save() {
  if (changed_.empty() || taken_over_) return;
  last_beat_ = {};  // it matters now
  keep_alive();
  std::set<std::string> gone;
  std::map<std::string, Registered> added;
  std::map<std::string, Registered> altered;
  for (const auto& key : changed_) {
    const auto found = objects_.find(key);
    if (found == objects_.end()) {
      gone.insert(key);
    } else {
      (stored_.contains(key) ? altered : added).insert(*found);
    }
  }
  remove(gone);
  update(altered);
  insert(added);
  changed_.clear();
}

void Registry::end() {
  if (!begun_ || taken_over_) return;
  begun_ = false;
  database_.run("UPDATE " + table_ + " SET version = " + quote_literal(kEnded) +
                " WHERE object = " + quote_literal(kRunRow) + " AND digest = " + quote_literal(own_id_));
}

void Registry::remove(const std::set<std::string>& keys) {
  std::vector<std::string> names;
  for (const auto& key : keys) {
    names.push_back(quote_literal(key));
    stored_.erase(key);
  }
  in_chunks(names, [&](const std::string& list) {
    database_.run("DELETE FROM " + table_ + " WHERE object IN (" + list + ")");
  });
}

void Registry::insert(const std::map<std::string, Registered>& rows) {
  std::vector<std::string> values;
  for (const auto& [key, row] : rows) {
    values.push_back("(" + quote_literal(key) + ", " + std::to_string(row.position) + ", " +
                     quote_literal(row.version) + ", " + quote_literal(row.digest) + ", " +
                     quote_literal(packed(row.create)) + ", " + quote_literal(row.drop) + ")");
    stored_.insert(key);
  }
  in_chunks(values, [&](const std::string& list) {
    database_.run("INSERT INTO " + table_ +
                  " (object, position, version, digest, create_sql, drop_sql) VALUES " + list);
  });
}

// One UPDATE for many rows, so that a run that is cut off here loses none of them.
void Registry::update(const std::map<std::string, Registered>& rows) {
  std::string version;
  std::string digest;
  std::string create;
  std::string drop;
  std::string keys;
  const auto send = [&] {
    if (keys.empty()) return;
    database_.run("UPDATE " + table_ + " SET version = CASE object" + version + " END, digest = CASE object" +
                  digest + " END, create_sql = CASE object" + create + " END, drop_sql = CASE object" + drop +
                  " END WHERE object IN (" + keys + ")");
    for (auto* text : {&version, &digest, &create, &drop, &keys}) text->clear();
  };
  for (const auto& [key, row] : rows) {
    const std::string name = quote_literal(key);
    const std::string when = " WHEN " + name + " THEN ";
    const std::string statements = quote_literal(packed(row.create));
    if (create.size() + drop.size() + statements.size() > kStatementBytes / 2) send();
    version += when + quote_literal(row.version);
    digest += when + quote_literal(row.digest);
    create += when + statements;
    drop += when + quote_literal(row.drop);
    keys += (keys.empty() ? "" : ", ") + name;
  }
  send();
}

long& Registry::last_position() {
  if (last_position_ == 0) {
    for (const auto& [key, row] : objects_) last_position_ = std::max(last_position_, row.position);
  }
  return last_position_;
}

}  // namespace geocell::gateway
