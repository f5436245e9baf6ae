/**
 * The settings: {@link pactor.settings.Settings} is what the rest reads. {@link
 * pactor.settings.Effective} makes it from flags, environment, file and defaults, and tells where
 * each value came from; {@link pactor.settings.SettingsReader} holds each bound; {@link
 * pactor.settings.LiveSettings} follows a file that changes. What is wrong is a {@link
 * pactor.settings.BadConfiguration} that names each problem, or a {@link
 * pactor.settings.StartFailure} in the operator's words.
 */
package pactor.settings;
