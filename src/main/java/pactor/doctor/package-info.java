/**
 * What {@code pactor doctor} looks at. Each look gives {@link pactor.doctor.Diagnosis diagnoses},
 * within the time that {@link pactor.doctor.DoctorBounds} says, and changes nothing.
 */
package pactor.doctor;
