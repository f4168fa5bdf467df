// One set of servers for a whole test program: starting them for every test would cost seconds each. In one
// source:
//
//   const SharedServices servers{{"kafka", "mongodb"}};
//
//   TEST(KafkaSource, …) { servers->address("KAFKA_BOOTSTRAP_SERVERS"); servers->restart("kafka"); }
//
// They start before the first test that is run and stop after the last. Tests that share them keep apart by
// names of their own for topics, groups and databases, and leave every server running. Register the program
// with sluice_services_test, which runs it as one.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "support/services.hpp"

namespace sluice::engine {

class SharedServices {
 public:
  explicit SharedServices(std::vector<std::string> arguments)
      : environment_{new Environment{std::move(arguments)}} {
    testing::AddGlobalTestEnvironment(environment_);  // which owns it
  }

  Services* operator->() const { return environment_->services.get(); }
  Services& operator*() const { return *environment_->services; }

 private:
  struct Environment : testing::Environment {
    explicit Environment(std::vector<std::string> words) : arguments{std::move(words)} {}
    void SetUp() override { services = std::make_unique<Services>(arguments); }
    void TearDown() override { services.reset(); }

    std::vector<std::string> arguments;
    std::unique_ptr<Services> services;
  };

  Environment* environment_;
};

}  // namespace sluice::engine
