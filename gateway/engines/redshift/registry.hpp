// What geocell has made in a schema: the table geocell_registry there.
//
// A row is written before its function is made or changed, with an empty digest, and completed afterwards. So
// nothing of ours is ever unknown, and nothing half made counts as made, wherever a run is cut off. Every
// write is one statement that leaves the table right whatever follows it or does not.
//
// One run at a time: the row "run" names the last one and whether it has ended. A run begins by putting its
// name where it read its predecessor's, which fails when another has begun since; it then shows signs of
// life. One that shows none for GEOCELL_RUN_SILENCE seconds was interrupted, and the next takes over.
#pragma once

#include <chrono>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "gateway/engines/redshift/database.hpp"
#include "gateway/engines/redshift/sql_objects.hpp"
#include "gateway/settings/config.hpp"
#include "gateway/system/console.hpp"

namespace geocell::gateway {

inline constexpr const char* kRegistryTable = "geocell_registry";
// The registry's entry for the privileges on the schema itself.
inline constexpr const char* kSchemaPrivileges = "schema privileges";

struct Registered {
  std::string version;
  std::string digest;  // of the statements; "" when making it was begun and not finished
  std::vector<std::string> create;
  std::string drop;
  long position = 0;  // in the order of making
};

class Registry {
 public:
  Registry(Database& database, const Config& config, const Console& console);

  static std::string create_statement(const std::string& schema);
  static std::string digest_of(const std::vector<std::string>& statements);

  // Throws Failure when the table has been changed by hand.
  void load();
  const std::map<std::string, Registered>& objects() const { return objects_; }
  // Keys, latest made first: callers before what they call.
  std::vector<std::string> newest_first() const;

  // Who is at work, or was interrupted: as load() found it; "" when the last run has ended.
  std::string other_run() const { return run_.ended ? std::string() : run_.who; }
  // Returns when no other run is at work: at once, or when one has shown no sign of life for long enough.
  // Throws Failure when it shows one. load() again afterwards.
  void wait_for_other_run();

  // The table exists. Throws Failure when another run has begun since load(). `make` are then known as
  // ours, and those of `change` count as begun until made() and save().
  void begin(const std::vector<SqlObject>& make, const std::set<std::string>& change,
             const std::string& version);
  // Before each statement of a run: a sign of life, now and then. Throws Failure when another has taken over.
  void keep_alive();
  bool is_taken_over() const { return taken_over_; }

  // From here to made() it is neither what it was nor what it should be.
  void changing(const std::string& key);
  void made(const std::string& key, const Registered& what);
  void dropped(const std::string& key);
  void table_dropped();
  // Writes what made() and dropped() said; nothing when another run has taken over.
  void save();
  void end();

 private:
  struct Run {
    std::string id;
    std::string who;
    long beat = 0;
    bool ended = true;
  };

  std::vector<Run> read_runs();
  void remove(const std::set<std::string>& keys);
  void insert(const std::map<std::string, Registered>& rows);
  void update(const std::map<std::string, Registered>& rows);
  void mark_begun(const std::set<std::string>& keys);
  long& last_position();

  Database& database_;
  const Console& console_;
  std::string table_;
  std::chrono::seconds silence_;
  std::map<std::string, Registered> objects_;
  std::set<std::string> stored_;   // keys that have a row
  std::set<std::string> changed_;  // keys whose row is not what objects_ says
  long last_position_ = 0;
  Run run_;  // the last one that load() saw
  std::string own_id_;
  bool begun_ = false;
  bool taken_over_ = false;
  std::chrono::steady_clock::time_point last_beat_;
};

}  // namespace geocell::gateway
