#include "handlers.hpp"

SLUICE_PLUGIN(
    "activity", "1.0.0",
    sluice::handler<activity::UserCreated>("user_created")
        .on("UserCreated")
        .help("makes a document in users")
        .option(activity::dates_option()),
    sluice::handler<activity::ActivityCreated>("activity_created")
        .on("ActivityCreated")
        .help("makes a document in activities")
        .option(activity::dates_option()),
    sluice::handler<activity::ParticipantJoined>("participant_joined")
        .on("ParticipantJoined")
        .help("adds the user to the activity's participants, once"),
    sluice::handler<activity::UserStatistics>("user_statistics")
        .on("UserCreated", "ActivityCreated", "ParticipantJoined")
        .help("keeps running totals in statistics/global")
        .option(activity::dates_option())
        .option(sluice::boolean_option("per_type", "true").help("count activities per activity_type, too")))
