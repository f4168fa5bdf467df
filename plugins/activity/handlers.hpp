// The four handlers of the reference system. Collections: users, activities, statistics.
#pragma once

#include <string>
#include <string_view>

#include "shape.hpp"
#include "sluice/plugin.hpp"

namespace activity {

// UserCreated: the payload becomes the document of the user.
class UserCreated final : public sluice::Handler {
 public:
  explicit UserCreated(const sluice::Options& options) : dates_(dates_from(options)) {}
  void handle(const sluice::Event& event, sluice::Changes& changes) override;

 private:
  Dates dates_;
};

// ActivityCreated: the payload becomes the document of the activity.
class ActivityCreated final : public sluice::Handler {
 public:
  explicit ActivityCreated(const sluice::Options& options) : dates_(dates_from(options)) {}
  void handle(const sluice::Event& event, sluice::Changes& changes) override;

 private:
  Dates dates_;
};

// ParticipantJoined: the user is among the activity's participants, once. Waits for the activity.
class ParticipantJoined final : public sluice::Handler {
 public:
  void handle(const sluice::Event& event, sluice::Changes& changes) override;
};

// Any of them: running totals in the one document statistics/global. Nothing but commutative operations, so
// that the engine can write many events' worth of it at once.
class UserStatistics final : public sluice::Handler {
 public:
  explicit UserStatistics(const sluice::Options& options)
      : dates_(dates_from(options)), per_type_(options.boolean("per_type")) {}
  void handle(const sluice::Event& event, sluice::Changes& changes) override;

 private:
  std::string_view by_type_path(std::string_view type);

  Dates dates_;
  bool per_type_;
  std::string path_;  // kept for its memory
};

}  // namespace activity
