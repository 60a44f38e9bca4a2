#pragma once

#include "ntkflow/config/key.hpp"

namespace ntkflow {

// Where keys have an effect. A condition includes whatever makes its own keys effective, so that
// taking an ineffective key out of a job changes no other condition.

Condition with_circle_rule();
Condition on_circle_or_sphere();
Condition with_piecewise_density();
Condition with_fourier_density();
Condition on_sphere();
Condition with_hemispheres();
Condition with_images();
Condition with_colour_images();
Condition with_cosines();
Condition with_harmonics();
Condition with_amplitudes();
Condition with_labels();
Condition with_explicit_points();
Condition with_values_from_file();
Condition with_reference_values();
Condition with_drawn_points();
Condition with_drawn_training();
Condition with_counted_reference();
Condition with_common_split();
Condition with_krylov();
Condition with_common_width();
Condition with_tolerance();
Condition with_step();
Condition with_gradient_descent();
Condition with_flow();
Condition with_bounds();
Condition with_deviations();
Condition with_looks_at_kernel();
Condition with_time_grid();
Condition with_log_grid();

}  // namespace ntkflow
