#pragma once

namespace ntkflow {

/// A value rounded to 20 significant bits. Decisions (accept, number of stages, next step) are made
/// on rounded values, so that the last bits of a reduction over another number of ranks do not send
/// a run down another path. NaN and infinity stay what they are.
double round_for_decision(double value);

}  // namespace ntkflow
