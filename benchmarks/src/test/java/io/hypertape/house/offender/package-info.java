/**
 * A little house in which every rule of the house is broken on purpose. Its rooms are called as the
 * real ones, below this package: the rules are made for either, and {@code HouseRulesTest} shows of
 * each that it finds what is wrong here. Who adds a rule adds a class that breaks it.
 */
package io.hypertape.house.offender;
