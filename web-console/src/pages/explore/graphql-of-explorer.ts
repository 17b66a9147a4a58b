// What GraphiQL's explorer uses of `graphql`. It is CommonJS, which would bring the whole of it.
export {
  getNamedType,
  GraphQLObjectType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isLeafType,
  isNonNullType,
  isObjectType,
  isRequiredInputField,
  isScalarType,
  isUnionType,
  isWrappingType,
  parse,
  parseType,
  print,
  visit,
} from 'graphql';
