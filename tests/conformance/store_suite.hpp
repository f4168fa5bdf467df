// The ground that the tests of all stores stand on.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "store_world.hpp"
#include "support/writing.hpp"

namespace sluice::engine {

class StoreSuite : public testing::TestWithParam<StoreKind> {
 protected:
  void SetUp() override { prepare({}); }

  void prepare(const std::vector<CollectionSpec>& collections) {
    specs_ = collections;
    session_.reset();
    const auto prepared = store().prepare(specs_);
    ASSERT_TRUE(prepared) << prepared.error().message;
    session_ = store().open_session();
  }
  void restart() {
    session_.reset();
    world_->restart();
    prepare(specs_);
  }

  [[nodiscard]] Store& store() { return world_->store(); }
  [[nodiscard]] StoreWorld& world() { return *world_; }

  [[nodiscard]] WriteResult result_of(const Writing& writing) { return results_of({writing}).front(); }
  [[nodiscard]] Outcome write(const Writing& writing) { return result_of(writing).outcome; }
  [[nodiscard]] std::vector<WriteResult> results_of(const std::vector<Writing>& writings) {
    std::vector<Write> writes;
    for (const Writing& writing : writings) writes.push_back(writing.write());
    std::vector<WriteResult> results(writes.size());
    const auto written = session_->write(writes, results);
    EXPECT_TRUE(written) << written.error().message;
    return results;
  }

  // The document as sorted JSON; "none" if there is none.
  [[nodiscard]] std::string document(std::string_view id, std::string_view collection = "users") {
    const auto found = world_->find(collection, Writing(ChangeKind::remove, collection, id).id());
    return found ? sorted_json(found->view()) : "none";
  }
  [[nodiscard]] static std::string same(std::string_view json) { return sorted_json(Document(json).view()); }

  static Writing insert(std::string_view id, std::string_view content = "{'n':1}") {
    return Writing(ChangeKind::insert, "users", id).content(content);
  }
  static Writing replace(std::string_view id, std::string_view content = "{'n':1}") {
    return Writing(ChangeKind::replace, "users", id).content(content);
  }
  static Writing patch(std::string_view id) { return {ChangeKind::patch, "users", id}; }
  static Writing remove(std::string_view id) { return {ChangeKind::remove, "users", id}; }

 private:
  std::unique_ptr<StoreWorld> world_ = GetParam().make();
  std::vector<CollectionSpec> specs_;
  std::unique_ptr<StoreSession> session_;
};

inline std::string kind_name(const testing::TestParamInfo<StoreKind>& info) { return info.param.name; }

}  // namespace sluice::engine
