#include "mongodb/examine.hpp"

#include <algorithm>
#include <map>
#include <random>

#include "mongodb/collections.hpp"
#include "mongodb/indexes.hpp"
#include "mongodb/journal.hpp"
#include "mongodb/reply.hpp"
#include "sluice/bson_writer.hpp"

namespace sluice::engine::mongodb {
namespace {

// Updates with pipelines, which replacing a document needs, came with it.
constexpr std::string_view oldest = "4.2";

struct Collection {
  std::string unfit;  // why
};
using Collections = std::map<std::string, Collection, std::less<>>;

std::string quoted(std::string_view text) { return "'" + std::string(text) + "'"; }

std::string_view way_out(const Error& error) {
  if (error.code != Code::store_fatal)
    return "See that the server runs and can be reached from here, and that host, port and tls in uri are "
           "right.";
  return "Check user, password and authSource in uri, and that the user has the role readWrite on the "
         "database.";
}

class StoreExaminer {
 public:
  StoreExaminer(const StoreSettings& settings, const ClientPool& pool, Examination<Store>& examination)
      : settings_(settings),
        pool_(pool),
        client_(pool.client()),
        examination_(examination),
        findings_(examination.findings) {}

  void examine() {
    if (!check_server()) return;
    const auto known = list_collections();
    if (!known) return;
    check_writing(known->contains(MongoJournal::collection));
    judge_concern();
    for (const CollectionSpec& spec : examination_.collections) check_collection(spec, *known);
    if (!known->contains(MongoJournal::collection)) return;
    auto journal = std::make_unique<MongoJournal>();
    journal->use(pool_);
    examination_.journal = std::move(journal);
  }

 private:
  bool check_server() {
    if (const auto greeted = greet(*client_); !greeted) {
      findings_.problem("server", shown_uri(settings_.uri) + ": " + greeted.error().message + ".",
                        std::string(way_out(greeted.error())));
      return false;
    }
    bson::Writer command;
    Reply reply;
    client_->run(command.int32("buildInfo", 1).finish(), reply);
    const std::string version(reply.view().find("version").as_text().value_or("of an unknown version"));
    const auto parts = reply.view().find("versionArray").as_document();
    const auto part = [&](std::string_view index) {
      return parts ? parts->find(index).as_int64().value_or(0) : 0;
    };
    if (parts && (part("0") < 4 || (part("0") == 4 && part("1") < 2)))
      findings_.problem("server", "MongoDB " + version + " is too old.",
                        "Use MongoDB " + std::string(oldest) + " or newer.");
    else
      findings_.ok("server", "MongoDB " + version + " answers at " + shown_uri(settings_.uri) + ".");
    return true;
  }

  std::optional<Collections> list_collections() {
    Collections known;
    const auto failure = client_->list_collections([&](bson::View entry) {
      known.emplace(entry.find("name").as_text().value_or(""), Collection{std::string(why_unfit(entry))});
    });
    if (!failure) return known;
    report("database " + settings_.database, to_error(*failure, "listing the collections"));
    return std::nullopt;
  }

  void report(const std::string& subject, const Error& error) {
    // Servers quote the command they refuse, which says nothing to people.
    const std::string said = error.message.substr(0, error.message.find(" { \""));
    findings_.problem(subject, said + ".", std::string(way_out(error)));
  }

  // A document is written as the pipeline would write it, with its write concern, and removed.
  void check_writing(bool journal_there) {
    const std::string subject = "database " + settings_.database;
    // Nothing is left that a pipeline might take for its own, should two start at the same time.
    const std::string name = journal_there ? MongoJournal::collection : "_sluice_doctor_" + number_;
    const auto written = write_probe(name);
    const auto removed = journal_there ? remove_probe(name) : drop(name);
    if (!written) return report(subject, written.error());
    if (!removed) {
      findings_.problem(subject, removed.error().message + ".",
                        "The doctor's document in " + quoted(name) + " is left behind: remove it.");
      return;
    }
    findings_.ok(subject, "A document was written with " + concern() + " and removed" +
                              (journal_there ? "." : "; _sluice is made at the first start."));
  }

  [[nodiscard]] std::string concern() const {
    std::string text;
    for (const bson::Element& part : pool_.write_concern()) {
      if (part.name == "wtimeout") continue;  // ours, for this once
      std::string value;
      if (const auto word = part.value.as_text())
        value = *word;
      else if (const auto flag = part.value.as_bool())
        value = *flag ? "true" : "false";
      else if (const auto number = part.value.as_int64())
        value = std::to_string(*number);
      text += (text.empty() ? "" : ", ") + std::string(part.name) + ": " + value;
    }
    return "write concern {" + text + '}';
  }

  // What the user has chosen in the connection string, and may lose by.
  void judge_concern() {
    const std::string subject = "write concern";
    const bson::View concern = pool_.write_concern();
    if (const auto members = concern.find("w").as_int64(); members && *members < majority())
      findings_.warn(
          subject,
          "w=" + std::to_string(*members) +
              ": a write counts as done before a majority of the members has it, so a failover may "
              "take back what the pipeline has settled and never sends again.",
          "Leave w out of uri: it then is majority.");
    if (!concern.find("j").as_bool().value_or(true))
      findings_.warn(subject,
                     "journal=false: a write counts as done before it is on a disk, so a crash may take back "
                     "what the pipeline has settled and never sends again.",
                     "Leave journal out of uri: it then is true.");
    if (!pool_.repeats_writes())
      findings_.warn(
          subject,
          "retryWrites=false: a write whose answer is lost is not repeated at once. Nothing is lost "
          "by that, but each failover costs a look at what was written, and the retry's delay.",
          "Leave retryWrites out of uri: it then is true.");
  }

  // Of the members that hold data, as far as the server names them; there may be more than one day.
  [[nodiscard]] std::int64_t majority() const {
    bson::Writer command;
    Reply reply;
    client_->run(command.int32("hello", 1).finish(), reply);
    std::int64_t members = 0;
    for (const char* kind : {"hosts", "passives"})
      if (const auto list = reply.view().find(kind).as_document())
        members += std::distance(list->begin(), list->end());
    return std::max<std::int64_t>(2, members / 2 + 1);
  }

  Result<void> send(const bson::View command, Form form, const std::string& doing) {
    Reply reply;
    client_->write(command, reply);
    if (reply.failure()) return to_error(*reply.failure(), doing);
    Answer answer;
    read_reply(reply.view(), {&form, 1}, {&answer, 1});
    if (answer.proof == Proof::done || (form == Form::remove && answer.proof == Proof::not_done)) return {};
    const bool stays = answer.proof == Proof::fatal || answer.objection == Objection::refused;
    return Error{stays ? Code::store_fatal : Code::store_unavailable,
                 "MongoDB, " + doing + ": " + answer.reason};
  }

  Result<void> write_probe(const std::string& name) {
    bson::Writer command;
    command.text("insert", name).document("writeConcern", pool_.write_concern()).begin_array("documents");
    command.begin_document().text("_id", "_sluice.doctor." + number_).text("kind", "doctor").end().end();
    return send(command.finish(), Form::insert, "writing a document to " + quoted(name));
  }

  Result<void> remove_probe(const std::string& name) {
    bson::Writer command;
    command.text("delete", name).document("writeConcern", pool_.write_concern()).begin_array("deletes");
    command.begin_document()
        .begin_document("q")
        .text("_id", "_sluice.doctor." + number_)
        .end()
        .int32("limit", 1)
        .end()
        .end();
    return send(command.finish(), Form::remove, "removing a document from " + quoted(name));
  }

  Result<void> drop(const std::string& name) {
    constexpr std::int32_t namespace_not_found = 26;
    bson::Writer command;
    Reply reply;
    client_->run(command.text("drop", name).finish(), reply);
    if (!reply.failure() || reply.failure()->code == namespace_not_found) return {};
    return to_error(*reply.failure(), "dropping " + quoted(name));
  }

  void check_collection(const CollectionSpec& spec, const Collections& known) {
    const std::string subject = "collection " + spec.name;
    const auto there = known.find(spec.name);
    if (there == known.end()) {
      findings_.ok(subject, "Made at the first start" +
                                (spec.indexes.empty() ? std::string(".") : ", with its indexes."));
      return;
    }
    if (!there->second.unfit.empty()) {
      findings_.problem(subject, quoted(spec.name) + ' ' + there->second.unfit + ".",
                        "Change it, or let `collections` map the name to another collection.");
      return;
    }
    const auto seen = check_shard_key(*client_, settings_.database + '.' + spec.name);
    if (!seen && seen.error().code != Code::store_fatal) return report(subject, seen.error());
    if (!seen) {
      findings_.problem(subject, seen.error().message + ".", "Shard it by _id, or leave it unsharded.");
      return;
    }
    if (!*seen)
      findings_.warn(subject, "The user may not see by what it is sharded.",
                     "If it is: " + std::string(unseen_shard_key) + '.');
    if (const auto tried = try_statements(*client_, spec.name, pool_.write_concern()); !tried)
      return report(subject, tried.error());
    check_indexes(subject, spec);
  }

  void check_indexes(const std::string& subject, const CollectionSpec& spec) {
    std::string missing;
    for (const IndexSpec& index : spec.indexes) {
      const auto state = find_index(*client_, spec.name, index);
      if (!state) return report(subject, state.error());
      if (state->there) continue;
      if (!state->obstacle.empty()) {
        findings_.problem(subject, "Its index " + state->obstacle + ", but the configuration says otherwise.",
                          "Drop the index, or correct it under collections.");
        return;
      }
      const std::string name = index_name(index);
      if (const auto same =
              index.unique ? count_duplicates(*client_, spec.name, index, examination_.patience) : 0;
          same > 0) {
        findings_.problem(subject,
                          "The unique index " + name + " is still to be made, but cannot be: " +
                              std::to_string(same) + " documents have the same value.",
                          "Let the values differ, or leave `unique` out under collections.");
        return;
      }
      missing += (missing.empty() ? "" : ", ") + name;
    }
    findings_.ok(subject, missing.empty()
                              ? "Can be read and written; its indexes are there."
                              : "Can be read and written; made at the next start: " + missing + ".");
  }

  const StoreSettings& settings_;
  const ClientPool& pool_;
  std::unique_ptr<Client> client_;
  Examination<Store>& examination_;
  Findings& findings_;
  const std::string number_ = std::to_string(std::random_device{}());  // of this run
};

}  // namespace

void examine_store(StoreSettings settings, Examination<Store>& examination) {
  settings.server_selection_timeout = std::min(settings.server_selection_timeout, examination.patience);
  settings.socket_timeout = std::min(settings.socket_timeout, examination.patience);
  settings.write_timeout = std::min(settings.write_timeout, examination.patience);
  const auto pool = ClientPool::open(settings);
  if (!pool) {
    examination.findings.problem("server", pool.error().message + ".", std::string(way_out(pool.error())));
    return;
  }
  StoreExaminer(settings, *pool, examination).examine();
}

}  // namespace sluice::engine::mongodb
