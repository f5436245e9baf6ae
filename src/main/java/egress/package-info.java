/**
 * What Pactor may call: rules over schemes, names, addresses and ports, asked when a url comes in
 * and again of the address that is dialled.
 */
package egress;
