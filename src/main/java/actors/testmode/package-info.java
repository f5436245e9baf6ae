/** The test mode: {@link actors.testmode.TestMode} skips time and runs passes one by one. */
package actors.testmode;
